//! People at rest put into the zones of a region: the map says how many live and work where, a sample says who they are.

use super::facts::{ascending, ranks};
use super::{People, Person, State, Unit};
use crate::households::attachment::Attachment;

/// How many people a zone holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Persons.
    pub persons: usize,
    /// With a job.
    pub employed: usize,
    /// Without one and looking.
    pub unemployed: usize,
}

/// A unit of a zone with its members.
#[derive(Clone, Debug)]
pub struct Family {
    /// The unit; its first person counts for nothing.
    pub unit: Unit,
    /// Tenth of expected income per equivalent adult in the region, what is from capital in it, 0 for the poorest.
    pub tenth: u8,
    /// Its persons.
    pub members: Vec<Person>,
}

/// Fills zones with people like those of a sample: as many persons, and persons with and without work, as each has room for.
/// Units of every rank of income are in every zone, sorted by tenth.
///
/// # Errors
/// If a zone has no room for those who work or look for work, or the sample has no unit of one person.
pub fn cast(sample: &People, rooms: &[Room]) -> Result<Vec<Vec<Family>>, String> {
    if let Some(room) = rooms.iter().find(|room| room.employed + room.unemployed > room.persons) {
        return Err(format!("{room:?}: more work or look for work than there are"));
    }
    let income: Vec<f64> = sample.units.iter().map(|u| sample.expects(u) / u.needs()).collect();
    let rank = ranks(&income);
    let by_rank = by_income_and_worth(sample, &rank);
    let alone: Vec<usize> = by_rank.iter().copied().filter(|&unit| sample.units[unit].size == 1).collect();
    if alone.is_empty() {
        return Err("nobody of the sample lives alone".to_owned());
    }
    let mut chosen = choose(sample, &by_rank, &alone, rooms.iter().map(|room| room.persons).sum());
    let wanted = [|room: &Room| room.employed, |room: &Room| room.unemployed];
    exchange(sample, &by_rank, &mut chosen, wanted.map(|of| rooms.iter().map(of).sum()));
    // The large ones first, so that those of one person fill what is left.
    chosen.sort_by_key(|&unit| std::cmp::Reverse(sample.units[unit].size));
    let mut left: Vec<Left> = rooms.iter().map(Left::of).collect();
    let mut zones: Vec<Vec<usize>> = vec![Vec::new(); rooms.len()];
    for unit in chosen {
        let states = states(sample, unit);
        let size = usize::from(sample.units[unit].size);
        let open = (0..rooms.len()).filter(|&z| left[z].persons() >= size);
        // Where only corners are left for it, those who live alone fill them.
        let most = open.map(|z| (z, left[z].room_for(&states))).reduce(|best, z| if z.1 > best.1 { z } else { best });
        if let Some((zone, _)) = most {
            left[zone].take(&states);
            zones[zone].push(unit);
        }
    }
    for (zone, left) in zones.iter_mut().zip(&left) {
        zone.extend(spread(&alone, left.persons()));
    }
    let family = |unit: usize| Family {
        unit: sample.units[unit].clone(),
        tenth: (rank[unit] * 10.0) as u8,
        members: sample.members(&sample.units[unit]).to_vec(),
    };
    let filled = |(mut units, &room): (Vec<usize>, &Room)| {
        units.sort_by(|&a, &b| rank[a].total_cmp(&rank[b]));
        let mut families: Vec<Family> = units.into_iter().map(family).collect();
        employ(&mut families, room);
        families
    };
    Ok(zones.into_iter().zip(rooms).map(filled).collect())
}

/// Members of a unit by labour status.
fn states(sample: &People, unit: usize) -> [usize; 3] {
    let mut states = [0; 3];
    sample.members(&sample.units[unit]).iter().for_each(|person| states[person.state as usize] += 1);
    states
}

/// Room that is left in a zone, by labour status: below zero where there are more than there is room for.
struct Left {
    /// Now.
    states: [i64; 3],
    /// At first.
    of: [i64; 3],
}

impl Left {
    /// All of it.
    fn of(room: &Room) -> Self {
        let &Room { persons, employed, unemployed } = room;
        let mut of = [0; 3];
        of[State::Employed as usize] = employed as i64;
        of[State::Unemployed as usize] = unemployed as i64;
        of[State::Inactive as usize] = (persons - employed - unemployed) as i64;
        Self { states: of, of }
    }

    /// How many more persons there is room for.
    fn persons(&self) -> usize {
        self.states.iter().sum::<i64>() as usize
    }

    /// How much of the room for such members is left, as a share, added up: who works is to live where there is work.
    fn room_for(&self, states: &[usize; 3]) -> f64 {
        (0..3).map(|k| states[k] as f64 * self.states[k] as f64 / self.of[k].max(1) as f64).sum()
    }

    /// Less for members who come.
    fn take(&mut self, states: &[usize; 3]) {
        self.states.iter_mut().zip(states).for_each(|(left, &come)| *left -= come as i64);
    }
}

/// Units by tenth of income, in each by what they own: so a few of them, evenly taken, earn and own as all do.
fn by_income_and_worth(sample: &People, rank: &[f64]) -> Vec<usize> {
    let worth = sample.worth();
    let mut order = ascending(&worth);
    order.sort_by_key(|&unit| (rank[unit] * 10.0) as u8);
    order
}

/// Units of all ranks, evenly, that hold so many persons; what is too much or too little is made up by units of one person.
fn choose(sample: &People, by_rank: &[usize], alone: &[usize], persons: usize) -> Vec<usize> {
    let size = |unit: &usize| usize::from(sample.units[*unit].size);
    let mut chosen = evenly(sample, by_rank, persons);
    let held: usize = chosen.iter().map(size).sum();
    if held < persons {
        chosen.extend(spread(alone, persons - held));
        return chosen;
    }
    // Some of one person leave again, evenly; where there are too few of them, larger ones are broken up.
    let singles: Vec<usize> = (0..chosen.len()).filter(|&k| size(&chosen[k]) == 1).collect();
    let gone = spread(&singles, (held - persons).min(singles.len()));
    let mut kept: Vec<usize> =
        (0..chosen.len()).filter(|k| gone.binary_search(k).is_err()).map(|k| chosen[k]).collect();
    let mut held: usize = kept.iter().map(size).sum();
    while held > persons {
        held -= kept.pop().as_ref().map_or(0, size);
    }
    kept.extend(spread(alone, persons - held));
    kept
}

/// How many places away somebody else is looked for.
const REACH: usize = 40;

/// Exchanges some units for others of the same size and tenth that own about as much, until as many persons as are wanted have a job and
/// look for one: of a sample of few, some more or fewer do than at rest, and whoever loses a job only since there are too many is back soon.
fn exchange(sample: &People, by_rank: &[usize], chosen: &mut [usize], wanted: [usize; 2]) {
    let mut place = vec![0; by_rank.len()];
    by_rank.iter().enumerate().for_each(|(at, &unit)| place[unit] = at);
    let of = |unit: usize| {
        let states = states(sample, unit);
        [states[State::Employed as usize] as i64, states[State::Unemployed as usize] as i64]
    };
    // Here and there, from all ranks: by the golden ratio.
    let (count, step) = (chosen.len(), (0.618 * chosen.len() as f64) as usize | 1);
    let kind = |unit: usize| (sample.units[unit].size, sample.units[unit].retired);
    for (k, wanted) in wanted.into_iter().enumerate() {
        // How many more are of the status if one takes the other's place, where nothing else changes.
        let gained = |unit: usize, other: usize| {
            let (found, more) = (of(unit), of(other));
            (kind(unit) == kind(other) && found[1 - k] == more[1 - k]).then(|| more[k] - found[k])
        };
        let mut missing = wanted as i64 - chosen.iter().map(|&unit| of(unit)[k]).sum::<i64>();
        for (reach, n) in (1..=REACH).flat_map(|reach| (0..count).map(move |n| (reach, n))) {
            if missing == 0 {
                break;
            }
            let unit = &mut chosen[n * step % count];
            let at = place[*unit];
            let around = [at.checked_sub(reach), Some(at + reach)].into_iter().flatten();
            let mut others =
                around.filter_map(|at| by_rank.get(at)).filter_map(|&other| Some((other, gained(*unit, other)?)));
            let helps = |by: i64| by.signum() == missing.signum() && by.abs() <= missing.abs();
            if let Some((other, by)) = others.find(|&(_, by)| helps(by)) {
                (*unit, missing) = (other, missing - by);
            }
        }
    }
}

/// Units of all ranks that hold about so many persons, as many of them on pensions as at rest: those of a sample of few are more or fewer by
/// chance, and a region that begins with them is short of work or of workers for decades.
fn evenly(sample: &People, by_rank: &[usize], persons: usize) -> Vec<usize> {
    let s = &sample.setting;
    let at_rest = s.retire / (s.retire + s.die);
    let mut chosen = Vec::new();
    for (retired, share) in [(false, 1.0 - at_rest), (true, at_rest)] {
        let unit = |k: usize| &sample.units[by_rank[k]];
        let of: Vec<usize> = (0..by_rank.len()).filter(|&k| unit(k).retired == retired).collect();
        let held: usize = of.iter().map(|&k| usize::from(unit(k).size)).sum();
        let wanted = share * persons as f64 * of.len() as f64 / held.max(1) as f64;
        chosen.extend(spread(&of, wanted as usize));
    }
    chosen.sort_unstable();
    chosen.into_iter().map(|k| by_rank[k]).collect()
}

/// So many of a row, evenly.
fn spread<T: Copy>(from: &[T], count: usize) -> Vec<T> {
    (0..count).map(|k| from[(2 * k + 1) * from.len() / (2 * count)]).collect()
}

/// A person and whether its unit is retired.
type Member<'a> = (bool, &'a mut Person);

/// Makes as many persons work and look for work as there is room for.
fn employ(families: &mut [Family], room: Room) {
    let mut all: Vec<Member> = Vec::new();
    for Family { unit, members, .. } in families {
        all.extend(members.iter_mut().map(|person| (unit.retired, person)));
    }
    let count = |all: &[Member], state: State| all.iter().filter(|x| x.1.state == state).count();
    // Where too many work and too few look for work, those who are least likely to leave the labour force lose their jobs.
    let idle = room.unemployed.saturating_sub(count(&all, State::Unemployed));
    let lost = count(&all, State::Employed).saturating_sub(room.employed).min(idle);
    shift(&mut all, State::Employed, State::Unemployed, lost);
    for (state, wanted) in [(State::Employed, room.employed), (State::Unemployed, room.unemployed)] {
        let there = count(&all, state);
        if there > wanted {
            shift(&mut all, state, State::Inactive, there - wanted);
        } else {
            // Where too few are outside, the unemployed work; what they leave is filled in turn.
            let missing = wanted - there - shift(&mut all, State::Inactive, state, wanted - there);
            shift(&mut all, State::Unemployed, state, missing);
        }
    }
}

/// Moves so many persons from a state to another, or all there are, and returns their number: first those who come and go anyway, or who are
/// at home in the labour force where they are to look for work, since the others soon give up; pensioners last. Of equals some are taken
/// evenly, from those who have been in the state for long to those who have not, so that those who stay in it are as likely to leave it.
fn shift(all: &mut [Member], from: State, to: State, wanted: usize) -> usize {
    let group = |(retired, person): &Member| {
        let loose = match person.attachment {
            Attachment::Core if to == State::Unemployed => 0,
            Attachment::Marginal => 1,
            Attachment::Core => 2,
            Attachment::Out => 3,
        };
        (*retired, loose)
    };
    let mut there: Vec<usize> = (0..all.len()).filter(|&i| all[i].1.state == from).collect();
    there.sort_by_key(|&i| (group(&all[i]), (all[i].1.tenure + all[i].1.without) as u32));
    let mut who = Vec::new();
    for equals in there.chunk_by(|&a, &b| group(&all[a]) == group(&all[b])) {
        who.extend(spread(equals, equals.len().min(wanted - who.len())));
    }
    for &i in &who {
        let person = &mut *all[i].1;
        (person.state, person.tenure) = (to, 0.0);
        person.without = if to == State::Employed { 0.0 } else { 1.0 };
    }
    who.len()
}

#[cfg(test)]
mod tests {
    use super::super::facts::shares;
    use super::super::months::Shock;
    use super::super::setting::Setting;
    use super::*;

    fn sample() -> People {
        let mut people = People::new(Setting::united_states(), 6_000, 1);
        for month in 0..36 {
            people.step(Shock { adapting: month > 6, ..Shock::default() });
        }
        people
    }

    #[test]
    fn zones_hold_as_many_as_there_is_room_for() {
        let sample = sample();
        let room = |persons, employed, unemployed| Room { persons, employed, unemployed };
        // Small and large, idle and busy ones; one where everybody works, one that holds more people than the sample.
        for rooms in [
            vec![room(300, 150, 10)],
            vec![room(41, 12, 0), room(977, 600, 30), room(500, 250, 100)],
            vec![room(60, 60, 0), room(60, 0, 60)],
            vec![room(9_000, 5_100, 250)],
            vec![room(1, 1, 0), room(2, 1, 1), room(3, 0, 0)],
        ] {
            let zones = cast(&sample, &rooms).expect("there is room");
            for (zone, room) in zones.iter().zip(&rooms) {
                let people: Vec<&Person> = zone.iter().flat_map(|family| &family.members).collect();
                let count = |state: State| people.iter().filter(|x| x.state == state).count();
                let found = Room {
                    persons: people.len(),
                    employed: count(State::Employed),
                    unemployed: count(State::Unemployed),
                };
                assert_eq!(found, *room);
                assert!(zone.iter().all(|f| f.members.len() == usize::from(f.unit.size)));
                assert!(zone.is_sorted_by_key(|family| family.tenth));
            }
        }
        assert!(cast(&sample, &[room(10, 9, 2)]).is_err());
    }

    #[test]
    fn some_are_exchanged_until_as_many_work_as_are_wanted() {
        let sample = sample();
        let by_rank = by_income_and_worth(&sample, &ranks(&sample.worth()));
        let mut chosen = spread(&by_rank, 800);
        let count = |chosen: &[usize]| {
            let of = |state: State| chosen.iter().map(|&unit| states(&sample, unit)[state as usize]).sum::<usize>();
            [of(State::Employed), of(State::Unemployed), of(State::Inactive)]
        };
        let before = count(&chosen);
        exchange(&sample, &by_rank, &mut chosen, [before[0] - 30, before[1] + 7]);
        assert_eq!(count(&chosen), [before[0] - 30, before[1] + 7, before[2] + 23]);
    }

    #[test]
    fn who_is_at_home_in_the_labour_force_looks_for_work() {
        let person = |attachment, state| Person { attachment, state, tenure: 9.0, ..Person::default() };
        let mut people = [
            person(Attachment::Marginal, State::Employed),
            person(Attachment::Core, State::Employed),
            person(Attachment::Core, State::Employed),
            person(Attachment::Marginal, State::Inactive),
        ];
        let family = Family { unit: Unit::default(), tenth: 0, members: people.to_vec() };
        let mut families = [family];
        // One too many works, one too few looks for work: one of the two at home there loses the job, no one else moves.
        employ(&mut families, Room { persons: 4, employed: 2, unemployed: 1 });
        people[2].state = State::Unemployed;
        let states = |people: &[Person]| people.iter().map(|x| x.state).collect::<Vec<_>>();
        assert_eq!(states(&families[0].members), states(&people));
    }

    #[test]
    fn as_many_live_on_pensions_as_at_rest() {
        let mut sample = sample();
        let rooms = [Room { persons: 4_000, employed: 2_300, unemployed: 100 }];
        for retire in [1.0 / 480.0, 1.0 / 300.0] {
            sample.setting.retire = retire;
            let zones = cast(&sample, &rooms).expect("there is room");
            let retired: usize = zones[0].iter().filter(|x| x.unit.retired).map(|x| x.members.len()).sum();
            // 144 over 144 and 480 or 300; households of some hundreds are larger or smaller by chance.
            let share = 144.0 / (144.0 + 1.0 / retire);
            assert!((retired as f64 / 4_000.0 - share).abs() < 0.006, "{retired} {share}");
        }
    }

    #[test]
    fn those_chosen_earn_as_the_sample_does() {
        let sample = sample();
        let of = |units: &[&Unit]| -> [f64; 5] {
            let income: Vec<f64> = units.iter().map(|u| sample.expects(u) / u.needs()).collect();
            shares(&income, &ranks(&income))
        };
        let all = of(&sample.units.iter().collect::<Vec<_>>());
        // Where as many work as in the sample, so that nobody is exchanged: those who work less earn less.
        let count = |state: State| sample.persons.iter().filter(|x| x.state == state).count();
        let [employed, unemployed] =
            [State::Employed, State::Unemployed].map(|state| 1_800 * count(state) / sample.persons.len());
        let rooms = [Room { persons: 1_800, employed, unemployed }; 2];
        let zones = cast(&sample, &rooms).expect("there is room");
        let chosen = of(&zones.iter().flatten().map(|family| &family.unit).collect::<Vec<_>>());
        for (a, b) in all.iter().zip(chosen) {
            assert!((b / a - 1.0).abs() < 0.03, "{all:?} {chosen:?}");
        }
    }
}
