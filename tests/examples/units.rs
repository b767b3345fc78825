use agents::record::watch::Watch;
use tests::worlds::{Case, shipped};
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let (h, years, region): (usize, usize, usize) =
        (a[1].parse().unwrap(), a[2].parse().unwrap(), a[3].parse().unwrap());
    let text =
        format!("households = {{ units = true {} }}\n{}", a.get(4).map_or("", |x| x), a.get(5).map_or("", |x| x));
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
    let life = &sim.get::<agents::households::lives::Lives>().regions[region];
    println!(
        "tax {:.4} mixed {:.4} net {:.3e} wage {:.3e} spending {:.4} worth/net {:.3e} median/net {:.4} chances {:?}",
        life.tax,
        life.mixed,
        life.net,
        life.wage,
        life.spending,
        life.worth / life.net,
        life.median / life.net,
        life.chances
    );
    for (r, life) in sim.get::<agents::households::lives::Lives>().regions.iter().enumerate() {
        let f = &sim.get::<agents::state::Regions>().states[r].fund;
        let c: f64 = sim.get::<agents::world::base::Base>().regions[r].consumption.iter().sum();
        println!(
            "{r} tax {:.3} mixed {:.3} spending {:.4} inflow/c {:.3} reserve/c {:.1} worth/c {:.1} div/c {:.3} vac {:.4}",
            life.tax,
            life.mixed,
            life.spending,
            f.inflow / c,
            f.reserve as f64 / c,
            life.worth / c,
            f.dividends as f64 / c,
            sim.get::<agents::world::base::Base>().regions[r].market.vacancy_rate
        );
    }
    let mut watch = Watch::new(&sim, region);
    for _ in 0..12 * years {
        sim.step().unwrap();
        watch.tick(&sim);
        if sim.tick() % 12 == 0 {
            let y = watch.years.last().unwrap();
            let r = agents::households::alone::facts::ranks(&y.income);
            let s: [f64; 10] = agents::households::alone::facts::shares(&y.income, &r);
            let w = agents::record::watch::owned(&sim, region)[0];
            println!("wealth {w:?}");
            println!("year {} {:?}", sim.tick() / 12, s.map(|x| (x * 1e4).round() / 1e2));
        }
    }
    let c = &case.calibration;
    println!("table {:?}", std::array::from_fn::<f64, 10, _>(|d| c.income_shares[region * 10 + d] * 100.0));
    println!("{:#?}", watch.facts(&sim));
}
