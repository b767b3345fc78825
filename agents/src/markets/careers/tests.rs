use super::*;
use crate::households::attachment::Attachment;
use crate::testing::{life, near};

fn settings() -> Settings {
    Settings { seed: 7, ticks_per_year: 12, audit_stops: true, shocks: false }
}

fn at_work(tenure_ticks: u16) -> Person {
    Person { status: Status::Employed, skill: 1, tenure_ticks, efficiency: 1_200.0, ..Person::default() }
}

#[test]
fn jobs_end_the_rarer_the_longer_they_last() {
    let mut life = life();
    life.setting.tenure_risk = crate::households::alone::setting::TenureRisk { floor: 0.2, extra: 2.0 };
    life.setting.leaves = [0.1, 4.0, 1.0];
    let risks = Risks::of(&life, &settings(), 0);
    let ends = risks.ends(&at_work(10), &Career::default());
    // 0.95 x 0.01 (0.2 + 2 / e), and 0.04 x 0.1 times the root of it.
    near(ends.lost, 0.95 * 0.009_357_588_823_428_8);
    near(ends.left, 0.004 * 0.967_346_309_445_9);
    let marginal = Career { attachment: Attachment::Marginal, ..Career::default() };
    near(risks.ends(&at_work(10), &marginal).left, 0.16 * 0.967_346_309_445_9);
    // A pensioner only leaves.
    let pensioner = Career { retired: true, ..Career::default() };
    assert_eq!(risks.ends(&at_work(10), &pensioner), Ends { lost: 0.0, left: life.setting.pensioners.leaves });
    let mut sum = Expected::default();
    risks.expect(&at_work(10), &Career::default(), &mut sum);
    risks.expect(&Person { status: Status::Unemployed, ..at_work(0) }, &Career::default(), &mut sum);
    near(sum.leave[1], ends.lost / 0.95 + ends.left + life.setting.retire);
    assert_eq!((sum.employed[1], sum.seek[1]), (1.0, 1.0));
    // Of the labour force, into which half as many come to look for work as to take a job.
    life.setting.starts_search = 0.5;
    let risks = Risks::of(&life, &settings(), 0);
    let turn = |status| risks.turn(&Person { status, ..at_work(10) }, &Career::default());
    near(turn(Status::Employed).leaves, ends.left);
    near(turn(Status::Unemployed).leaves, life.setting.gives_up[0]);
    let back = life.chances.enter * life.setting.enters[0] * coming_back(10.0, life.setting.coming_back);
    near(turn(Status::Inactive).comes, 1.5 * back);
}

#[test]
fn a_job_lost_after_years_leaves_a_scar_and_benefits_follow_pay() {
    let life = life();
    let risks = Risks::of(&life, &settings(), 0);
    let mut career = Career::default();
    assert_eq!(risks.end(false, &at_work(35), &mut career), Status::Unemployed);
    assert_eq!((career.scar, career.last), (0.0, 1_200.0));
    risks.end(false, &at_work(36), &mut career);
    near(f64::from(career.scar), f64::from(-life.setting.scar.step as f32));
    assert_eq!(risks.end(true, &at_work(9), &mut career), Status::Inactive);
    // Of those whose job ends, as many left it as chances say; a pensioner is not asked.
    let Ends { lost, left } = risks.ends(&at_work(9), &career);
    near(risks.leaving(3, 0.1, &at_work(9), &career).chance, left / (lost + left + 0.1));
    let pensioner = Career { retired: true, ..career };
    near(risks.leaving(3, 0.1, &at_work(9), &pensioner).chance, 0.0);
    assert_eq!(risks.end(false, &at_work(9), &mut pensioner.clone()), Status::Inactive);
}

#[test]
fn who_has_just_lost_a_job_is_called_first_and_outsiders_before_all() {
    let life = life();
    let risks = Risks::of(&life, &settings(), 0);
    let waits = |months, id| risks.place(id, &Person { status: Status::Unemployed, ..at_work(months) });
    let mean = |months| (0..4_000).map(|id| waits(months, id) as f64).sum::<f64>() / 4_000.0 / (1_u64 << 40) as f64;
    // -ln(u) has mean one; weights 1 and 0.4.
    assert!((mean(0) - 1.0).abs() < 0.05 && (mean(24) - 2.5).abs() < 0.12, "{} {}", mean(0), mean(24));
    let outside = risks.place(1, &Person { status: Status::Inactive, ..at_work(3) });
    assert!(outside < 1 << 24);
}

#[test]
fn people_come_in_search_and_give_up_by_attachment() {
    let mut life = life();
    (life.setting.gives_up, life.setting.enters) = ([0.0, 0.3, 0.0], [1.0, 0.0, 0.0]);
    let risks = Risks::of(&life, &settings(), 0).among(&[0.0; SKILLS]);
    let core = Career::default();
    let marginal = Career { attachment: Attachment::Marginal, ..core };
    let pensioner = Career { retired: true, ..core };
    let person = |status, ticks| Person { status, ..at_work(ticks) };
    let is = |person: Person, career: &Career, wanted: (Turning, f64)| {
        let (turning, lot) = risks.turn_of(1, &person, career);
        assert_eq!(turning, wanted.0);
        near(lot.chance, wanted.1);
    };
    // 1.1 times as likely as usual where nobody is unemployed, and more for who has left two months ago.
    let back = encouraged(0.0, 0.05) * life.chances.enter * coming_back(2.0, life.setting.coming_back);
    is(person(Status::Inactive, 2), &core, (Turning::ComesIn, back));
    is(person(Status::Inactive, 2), &marginal, (Turning::ComesIn, 0.0));
    is(person(Status::Unemployed, 2), &core, (Turning::GivesUp, 0.0));
    is(person(Status::Unemployed, 2), &marginal, (Turning::GivesUp, 0.3));
    is(person(Status::Inactive, 2), &pensioner, (Turning::SmallJob, life.setting.pensioners.takes));
    // Whoever has just left decides next time.
    is(person(Status::Inactive, 0), &core, (Turning::ComesIn, 0.0));
    // Of many as many as expected, and part of them to look for a job first.
    let mut persons = vec![person(Status::Inactive, 2); 600];
    persons[300..].fill(person(Status::Unemployed, 2));
    let (idle, careers): (Vec<u32>, Vec<Career>) = (0..600).map(|i| (i, if i < 300 { core } else { marginal })).unzip();
    let come_in = risks.participate((0, &mut persons, &careers), &idle, 5);
    let searching = persons[..300].iter().filter(|x| x.status == Status::Unemployed).count() as f64;
    assert!((come_in.len() as f64 - 300.0 * back).abs() <= 2.0, "{} {back}", come_in.len());
    assert!(
        (searching - 300.0 * back / encouraged(0.0, 0.05) * life.setting.starts_search).abs() <= 1.0,
        "{searching}"
    );
    assert_eq!(persons[300..].iter().filter(|x| x.status == Status::Inactive).count(), 90);
}

#[test]
fn offers_are_rarer_for_who_has_settled() {
    let mut life = life();
    (life.chances.offer, life.setting.settled) = (1.0, 0.0);
    let risks = Risks::of(&life, &settings(), 0);
    let offered =
        |months, career: &Career| (0..1_000).filter(|&id| risks.is_offered(id, &at_work(months), career)).count();
    let pensioner = Career { retired: true, ..Career::default() };
    let often = offered(3, &Career::default()) as f64;
    assert!((often / 1_000.0 - OFFERS).abs() < 0.04, "{often}");
    assert_eq!([offered(30, &Career::default()), offered(3, &pensioner)], [0, 0]);
}
