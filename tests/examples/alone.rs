use agents::households::alone::facts::*;
use agents::households::alone::fit::at_rest;
use agents::households::alone::setting::Setting;
fn main() {
    let w = tests::worlds::shipped();
    let t: [f64; 10] = std::array::from_fn(|d| w.income_shares[d]);
    for seed in 1..3 {
        let mut s = Setting::of(&w, 0);
        s.homes.owners = 0.0;
        s.homes.bought = 0.0;
        s.credit.most = 0.0;
        let mut p = at_rest(s, 12000, seed, &t);
        for y in 0..11 {
            println!(
                "{seed} {y} {:?} deposits {:.3}",
                wealth(&p.worth()),
                p.deposits().iter().sum::<f64>() / p.units.iter().map(|u| u.permanent).sum::<f64>()
            );
            p.year(false);
        }
    }
}
