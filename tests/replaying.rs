//! The replay: the simulator against theory, the command as a script would call it, and hostile files.

use crate::support::cli::Bench;
use std::fmt::Write;

/// 36 months of a few items, made from a seed: a steady one, a rare one, a lumpy one, one that begins late.
fn history() -> String {
    let mut random = fastrand::Rng::with_seed(7);
    let mut text = String::from("sku,period,quantity\n");
    for month in 0..36 {
        let date = format!("{}-{:02}-{:02}", 2023 + month / 12, month % 12 + 1, random.u8(1..29));
        for item in 0..40 {
            let chance = [0.9, 0.15, 0.3, 0.5][item % 4];
            if random.f64() < chance && (item % 4 != 3 || month > 15) {
                let most = [6, 2, 30, 4][item % 4];
                writeln!(text, "I{item:02},{date},{}", random.u32(1..=most)).unwrap();
            }
        }
    }
    text
}

fn replay(bench: &Bench, more: &[&str]) -> serde_json::Value {
    let base = ["replay", "--history", "h.csv", "--bucket", "month", "--train", "18", "--format", "json"];
    bench.run(&[&base[..], more].concat()).well().json()
}

#[test]
fn the_result_is_an_object_with_policies_and_ours_is_the_first() {
    let bench = Bench::new();
    bench.file("h.csv", &history());
    let found = replay(&bench, &["--lead", "1", "--review", "1", "--pack", "1", "--target", "0.95"]);
    let policies = found["policies"].as_array().unwrap();
    let names: Vec<&str> = policies.iter().map(|p| p["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["ours", "blend", "min/max", "normal ROP", "NB-SBA", "SBA-gamma"]);
    for policy in policies {
        for key in ["fill_volume", "fill_item", "ready_rate"] {
            assert!((0.0..=1.0).contains(&policy[key].as_f64().unwrap()), "{policy}");
        }
        assert!(policy["cover"].as_f64().unwrap() >= 0.0);
        for key in ["cover_at_target_volume", "cover_at_target_item"] {
            assert!(policy[key].is_null() || policy[key].as_f64().unwrap() >= 0.0, "{policy}");
        }
    }
    assert!(policies[0]["fill_volume"].as_f64().unwrap() > 0.85, "{}", policies[0]);
    assert_eq!((found["judged"].as_u64(), found["items"].as_u64()), (Some(16), Some(40)));
    assert!(!bench.db().exists(), "a history needs no warehouse and makes none");
    // The same again is the same to the last digit, on any number of cores.
    assert_eq!(replay(&bench, &["--lead", "1"]), found);
}

#[test]
fn a_policy_by_name_a_longer_lead_and_packs() {
    let bench = Bench::new();
    bench.file("h.csv", &history());
    let one = replay(&bench, &["--policy", "NB-SBA", "--policy", "ours"]);
    let names: Vec<&str> = one["policies"].as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["ours", "NB-SBA"], "ours first, whatever the order asked for");
    let cover =
        |more: &[&str]| replay(&bench, &[more, &["--policy", "ours"]].concat())["policies"][0]["cover"].as_f64();
    assert!(cover(&["--lead", "4"]) > cover(&["--lead", "0"]));
    assert!(cover(&["--target", "0.99"]) > cover(&["--target", "0.8"]));
    for more in [["--review", "3"], ["--pack", "12"], ["--lead", "0"], ["--target", "0.5"]] {
        assert!(cover(&more).is_some_and(f64::is_finite), "{more:?}");
    }
    let text = bench.run(&["replay", "--history", "h.csv", "--bucket", "month"]).well().out;
    assert!(text.contains("normal ROP") && text.contains('█') && text.contains("Asked for 95 %"), "{text}");
    let ascii = bench.run(&["replay", "--history", "h.csv", "--bucket", "month", "--ascii"]).well().out;
    assert!(ascii.is_ascii(), "{ascii}");
}

#[test]
fn hostile_files_and_figures_are_refused_with_a_sentence() {
    let bench = Bench::new();
    bench.file("h.csv", &history());
    bench.file("empty.csv", "");
    bench.file("one.csv", "sku,period,quantity\nA,2026-01-01,5\n");
    bench.file(
        "zero.csv",
        &(1..=9).fold("sku,period,quantity\n".to_string(), |t, n| t + &format!("A,2026-0{n}-01,0\n")),
    );
    bench.file("text.csv", "sku,period,quantity\nA,2026-01-01,five\nB,1.2.2026,1\n");
    let month = ["--bucket", "month"];
    let cases: [(&[&str], i32, &str); 14] = [
        (&["empty.csv"], 1, "is empty"),
        (&["one.csv"], 1, "leave nothing to judge"),
        (&["zero.csv"], 1, "Nothing was ordered"),
        (&["text.csv"], 1, "text.csv:2: quantity: `five` is no quantity"),
        (&["text.csv"], 1, "text.csv:3: period: `1.2.2026` is no date"),
        (&["gone.csv"], 2, "There is no file gone.csv"),
        (&["h.csv", "--target", "0"], 2, "between 0 and 1"),
        (&["h.csv", "--target", "1"], 2, "between 0 and 1"),
        (&["h.csv", "--target", "1.5"], 2, "between 0 and 1"),
        (&["h.csv", "--train", "99"], 1, "leave nothing to judge"),
        (&["h.csv", "--train", "0"], 2, "at least 1"),
        (&["h.csv", "--review", "0"], 2, "at least 1"),
        (&["h.csv", "--pack", "0"], 2, "at least 1"),
        (&["h.csv", "--policy", "magic"], 2, "There is no policy"),
    ];
    for (args, code, sentence) in cases {
        let ran = bench.run(&[&["replay", "--history"], args, &month].concat());
        assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{args:?}: {}", ran.err);
        assert!(ran.err.contains(sentence), "{args:?}: {}", ran.err);
    }
    assert!(!bench.db().exists());
    // Without a file the warehouse itself is replayed, and it must be there.
    assert_eq!(bench.run(&["replay"]).code, 2);
}

#[test]
fn odd_but_possible_histories_give_plain_figures() {
    let bench = Bench::new();
    let months = |amount: &dyn Fn(i64) -> String| {
        (0..36).fold(String::from("sku,period,quantity\n"), |text, n| {
            text + &format!(
                "A,{}-{:02}-10,{}\nB,{}-{:02}-28,1\n",
                2023 + n / 12,
                n % 12 + 1,
                amount(n),
                2023 + n / 12,
                n % 12 + 1
            )
        })
    };
    let cases = [
        ("huge", months(&|_| "999999999999".into())),
        ("returns", months(&|n| (n % 5 - 2).to_string())),
        ("metres", months(&|n| format!("{}.25", n % 3))),
        ("once", months(&|n| if n == 30 { "1000000".into() } else { "0".into() })),
        ("years of nothing", "sku,period,quantity\nA,2001-01-01,5\nA,2025-01-01,5\n".into()),
    ];
    for (what, text) in cases {
        bench.file("odd.csv", &text);
        let ran = bench.run(&["replay", "--history", "odd.csv", "--bucket", "month", "--format", "json"]).well();
        for policy in ran.json()["policies"].as_array().unwrap() {
            let fill = policy["fill_volume"].as_f64().unwrap();
            assert!((0.0..=1.0).contains(&fill) && policy["cover"].as_f64().unwrap().is_finite(), "{what}: {policy}");
        }
    }
}

/// What is served at a level, lived for long, is what the theory says.
#[test]
fn the_simulator_agrees_with_theory() {
    let gates = backshelf::ops::gates::simulator();
    assert!(gates.iter().all(|g| g.holds), "{gates:?}");
}
