use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;
use tests::worlds::{Case, shipped};
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let h: usize = a[1].parse().unwrap();
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().unwrap();
    for units in [false, true] {
        let text = format!("households = {{ units = {units} }}\n");
        let case = Case {
            calibration: shipped(),
            households: h,
            seed: 1,
            shocks: false,
            ticks_per_year: 12,
            policy: "",
            parameters: &text,
        };
        let mut sim = case.build(true);
        sim.step().unwrap();
        let times: Arc<Mutex<(Instant, BTreeMap<&'static str, f64>)>> =
            Arc::new(Mutex::new((Instant::now(), BTreeMap::new())));
        let t2 = times.clone();
        sim.observe(move |stage| {
            let mut t = t2.lock().unwrap();
            let now = Instant::now();
            let d = (now - t.0).as_secs_f64();
            t.0 = now;
            *t.1.entry(stage).or_default() += d;
        })
        .unwrap();
        times.lock().unwrap().0 = Instant::now();
        for _ in 0..10 {
            sim.step().unwrap();
        }
        let t = times.lock().unwrap();
        let all: f64 = t.1.values().sum();
        println!("units {units}: {:.1} ms a tick", all * 100.0);
        for (k, v) in &t.1 {
            if *v * 100.0 > 2.0 {
                println!("   {k} {:.1}", v * 100.0);
            }
        }
    }
}
