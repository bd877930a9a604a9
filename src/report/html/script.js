// Filters and orders what the page holds; without it the page is whole.
(function () {
  "use strict";
  var byId = function (id) { return document.getElementById(id); };
  var all = function (query) { return Array.prototype.slice.call(document.querySelectorAll(query)); };

  // Escape closes what a mark tells, until the pointer or focus comes again.
  document.addEventListener("keydown", function (event) {
    var mark = document.activeElement && document.activeElement.closest(".w");
    if (event.key === "Escape") {
      all(".w:hover").concat(mark ? [mark] : []).forEach(function (w) { w.classList.add("shut"); });
    } else if ((event.key === "Enter" || event.key === " ") && mark && event.target.classList.contains("m")) {
      event.preventDefault();
      mark.classList.toggle("shut");
    }
  });
  all(".w").forEach(function (w) {
    ["mouseleave", "focusout", "click"].forEach(function (name) {
      w.addEventListener(name, function () { w.classList.remove("shut"); });
    });
  });

  // A link to a closed contest opens it.
  var reveal = function () {
    var target = location.hash && byId(location.hash.slice(1));
    if (!target) { return; }
    if (target.tagName === "DETAILS") { target.open = true; }
    target.hidden = false;
    target.scrollIntoView();
  };
  window.addEventListener("hashchange", reveal);
  reveal();

  // Paper has no hover: contests are printed open.
  var closed = [];
  window.addEventListener("beforeprint", function () {
    closed = all("details:not([open])");
    closed.forEach(function (one) { one.open = true; });
  });
  window.addEventListener("afterprint", function () {
    closed.forEach(function (one) { one.open = false; });
  });

  var form = byId("filter");
  if (!form) { return; }
  form.hidden = false;
  var findings = all(".finding");
  var contests = all(".contest");
  var list = document.querySelector(".findings");
  // A number is found with and without marks between its thousands.
  var fold = function (words) {
    return words.toLowerCase().replace(/(\d)[,.'’ \u00a0\u2009\u202f](?=\d{3}(?!\d))/g, "$1");
  };
  var text = new Map();
  findings.concat(contests).forEach(function (one) {
    text.set(one, fold(one.textContent));
  });
  var orders = {
    weight: function (a, b) { return findings.indexOf(a) - findings.indexOf(b); },
    severity: function (a, b) { return a.dataset.rank - b.dataset.rank || orders.weight(a, b); },
    place: function (a, b) {
      return a.dataset.place < b.dataset.place ? -1 : a.dataset.place > b.dataset.place ? 1 : 0;
    }
  };
  var filter = function () {
    var words = fold(byId("search").value).split(/\s+/).filter(Boolean);
    var has = function (one) {
      return words.every(function (word) { return text.get(one).indexOf(word) >= 0; });
    };
    var shown = 0;
    findings.forEach(function (one) {
      one.hidden = !(has(one) &&
        (!byId("severity").value || byId("severity").value === one.dataset.severity) &&
        (!byId("rule").value || byId("rule").value === one.dataset.rule) &&
        (!byId("winner").checked || "winner" in one.dataset));
      shown += one.hidden ? 0 : 1;
    });
    contests.forEach(function (one) { one.hidden = !has(one); });
    var more = Number(byId("count").dataset.more);
    byId("count").textContent = shown + " of " + findings.length + " shown" +
      (more ? ", " + more + " more not on this page" : "");
    byId("none").hidden = shown > 0;
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  byId("order").addEventListener("change", function () {
    findings.slice().sort(orders[byId("order").value]).forEach(function (one) { list.appendChild(one); });
  });
  filter();
})();
