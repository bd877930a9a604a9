// Opens a report in a browser, light and dark, wide and narrow, and holds it
// against the rules of axe-core: node check.js report.html. Any breach, any
// error of a script, and a page wider than its window make the status 1.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const [path] = process.argv.slice(2);
const axe = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

async function faults(browser, scheme, width) {
  const page = await browser.newPage();
  const found = [];
  page.on("pageerror", (error) => found.push(`script: ${error}`));
  page.on("console", (line) => line.type() === "error" && found.push(`console: ${line.text()}`));
  // The policy of the page lets no script in but its own.
  await page.setBypassCSP(true);
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.setViewport({ width, height: 900 });
  await page.goto(pathToFileURL(resolve(path)).href);
  await page.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => axe.run(document));
  if (passes.length < 20) found.push("the page is hardly there");
  for (const { id, impact, help, nodes } of violations) {
    found.push(`${impact}: ${help} (${id}), ${nodes.length} times: ${nodes[0].html.slice(0, 200)}`);
  }
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (over > 0) found.push(`the page is ${over} pixels too wide`);
  await page.close();
  console.log(`${scheme}, ${width} pixels: ${passes.length} rules kept, ${found.length} faults`);
  found.forEach((fault) => console.log(`  ${fault}`));
  return found.length;
}

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: process.env.CI || process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});
let all = 0;
for (const scheme of ["light", "dark"]) {
  for (const width of [1280, 400]) all += await faults(browser, scheme, width);
}
await browser.close();
process.exit(all > 0 ? 1 : 0);
