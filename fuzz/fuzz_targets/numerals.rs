#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| scrutineer_fuzz::numeral(text));
