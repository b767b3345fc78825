//! The effects of a table beside what a placebo does to the same questions.
//!
//! Whether an effect is told apart from chance is decided by [`crate::chance`] alone; here is how a table asks and shows it. A
//! placebo is a world of the same seed with a duty of one basis point, and what it gives is placebo less baseline, whatever two
//! worlds the effect itself compares: two policies differ by luck as much as one of them and nothing. An effect in units of the
//! policy (a pass-through, a cost a job) has the placebo's change over the policy's unit: over its own basis point anything is
//! large. An effect over another effect is told apart only if that one is too.

use crate::bars::interval;
use crate::chance::{Judged, MARK, ONE_SEED, Verdict, reach, verdict};
use crate::paired::{Estimate, estimate};
use crate::table::Table;

/// Headings of what stands beside an effect.
pub const HEAD: [&str; 2] = ["placebo", "told apart"];

/// Part of an effect that a basis point may have of its own: policies are a thousand times as large.
const OWN: f64 = 0.01;

/// What is said of a figure that meets its band, or has its sign, while chance alone might give it.
pub const NOT_APART: &str = "but not told apart from chance";

/// How the columns are to be read.
pub const LEGEND: &str = "Placebo: the 95% interval of the same figure where a duty of one basis point stands in place of the policy, same \
    seeds, less the baseline; this is also the measure of luck for a figure that compares two policies. A figure in units of the policy has \
    the placebo's change over the policy's unit. Told apart: `apart` if the interval excludes zero and all of it lies beyond the reach of \
    the placebo; else why not: `interval` (it includes zero), `placebo` (which moves as much), `one-seed`. `~` stands before what is not \
    told apart. A placebo whose interval includes zero, or that stays below a hundredth of the effect, counts as nothing. `-`: a level, a count or an identity, which is compared with nothing.";

/// An effect with what is needed to judge it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tested {
    /// The effect and its placebo.
    pub judged: Judged,
    /// The effect it is divided by, if there is one.
    by: Option<Judged>,
}

/// Mean and interval of the numbers among some values.
fn of_numbers(values: &[f64]) -> Option<Estimate> {
    estimate(&values.iter().copied().filter(|value| value.is_finite()).collect::<Vec<_>>())
}

impl Tested {
    /// An effect over seeds and that of the placebo; without a placebo the interval alone decides. `None` without values. A placebo
    /// that is no number tells nothing apart.
    #[must_use]
    pub fn of(change: &[f64], placebo: Option<&[f64]>) -> Option<Self> {
        let none = Estimate { mean: f64::NAN, half_width: f64::NAN, count: 0 };
        let placebo = placebo.map(|values| of_numbers(values).unwrap_or(none));
        Some(Self { judged: Judged { change: of_numbers(change)?, placebo }, by: None })
    }

    /// The same, divided by another effect.
    #[must_use]
    pub fn over(self, by: Option<Self>) -> Self {
        Self { by: by.map(|by| by.judged), ..self }
    }

    /// Whether it is told apart from chance, and if not, why.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self.judged.verdict() {
            Verdict::Apart => self.by.map_or(Verdict::Apart, |by| by.verdict()),
            other => other,
        }
    }

    /// The placebo's interval, in words.
    #[must_use]
    pub fn placebo(&self) -> String {
        self.judged.placebo.as_ref().map_or_else(|| "-".to_owned(), interval)
    }
}

/// The cells under [`HEAD`]; dashes for a figure that is no effect.
#[must_use]
pub fn cells(tested: Option<&Tested>) -> [String; 2] {
    tested.map_or_else(|| ["-", "-"].map(str::to_owned), |found| [found.placebo(), found.verdict().word().to_owned()])
}

/// A verdict on a figure; that it is as expected says little if chance might give it.
#[must_use]
pub fn qualified(holds: &str, tested: Option<&Tested>) -> String {
    match tested {
        Some(found) if holds == "yes" && !found.verdict().is_apart() => format!("yes, {NOT_APART}"),
        _ => holds.to_owned(),
    }
}

/// A table for people: the mark stands before values that are not told apart from chance.
#[must_use]
pub fn marked(table: &Table, value: &str) -> Table {
    let place = |name: &str| table.head.iter().position(|head| head == name);
    let mut table = table.clone();
    let (Some(value), Some(apart)) = (place(value), place(HEAD[1])) else { return table };
    for row in &mut table.rows {
        if row[apart] != Verdict::Apart.word() && row[apart] != "-" && row[value] != "-" {
            row[value].insert_str(0, MARK);
        }
    }
    table
}

/// A figure of a table that is an effect.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Its name.
    pub id: String,
    /// How it stands.
    pub tested: Tested,
    /// Whether it is the highest or lowest of several numbers: these leave zero by chance alone, in the placebo too.
    pub extreme: bool,
}

/// Whether so many of some placebo intervals may exclude zero: one in twenty, and twice the standard deviation of that count.
fn may_be_luck(told: usize, figures: usize) -> bool {
    let expected = 0.05 * figures as f64;
    told as f64 <= expected + 2.0 * (0.95 * expected).sqrt()
}

/// How the placebo itself and the effects stand, in a line each.
#[must_use]
pub fn summary(figures: &[Figure]) -> String {
    let placebos = figures.iter().filter(|figure| !figure.extreme);
    let placebos = placebos.filter_map(|figure| Some((figure, figure.tested.judged.placebo?)));
    // A basis point does something too: what stays below a hundredth of the effect is nothing.
    let own = |figure: &Figure, placebo| match verdict(&placebo, None) {
        Verdict::Apart if reach(&placebo) < OWN * figure.tested.judged.change.mean.abs() => Verdict::Interval,
        other => other,
    };
    let placebos: Vec<(&str, Verdict)> = placebos
        .map(|(figure, placebo)| (figure.id.as_str(), own(figure, placebo)))
        .filter(|(_, verdict)| *verdict != Verdict::Unknown)
        .collect();
    let told: Vec<&str> = placebos.iter().filter(|(_, verdict)| verdict.is_apart()).map(|(id, _)| *id).collect();
    let (all, nothing) = (placebos.len(), placebos.len() - told.len());
    let named = |ids: &[&str]| if ids.is_empty() { String::new() } else { format!(" (not: {})", ids.join(", ")) };
    let of_placebo = if all == 0 {
        "placebo: none was run, the interval alone decides".to_owned()
    } else if placebos.iter().all(|(_, verdict)| *verdict == Verdict::OneSeed) {
        format!("placebo: {ONE_SEED}")
    } else {
        let fair = if may_be_luck(told.len(), all) {
            "as it should be, one in twenty by luck"
        } else {
            "fewer than should be: luck reaches farther here than the intervals say"
        };
        format!("placebo: {nothing} of {all} figures not told apart from nothing{}, {fair}", named(&told))
    };
    let chance: Vec<&str> =
        figures.iter().filter(|figure| !figure.tested.verdict().is_apart()).map(|figure| figure.id.as_str()).collect();
    let apart = figures.len() - chance.len();
    format!("{of_placebo}\neffects: {apart} of {} told apart from chance{}", figures.len(), named(&chance))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: [f64; 4] = [-0.1, 0.1, -0.1, 0.1];

    fn tested(change: [f64; 4], placebo: [f64; 4]) -> Tested {
        Tested::of(&change, Some(&placebo)).expect("four seeds")
    }

    #[test]
    fn an_effect_is_judged_by_the_rule_of_chance() {
        let [clear, wide] = [[2.0, 2.1, 2.0, 2.1], [-1.0, 2.0, -2.0, 2.0]];
        assert_eq!(tested(clear, SMALL).verdict(), Verdict::Apart);
        assert_eq!(tested(wide, SMALL).verdict(), Verdict::Interval);
        assert_eq!(tested(clear, wide).verdict(), Verdict::Placebo);
        assert_eq!(tested(clear, [f64::NAN; 4]).verdict(), Verdict::Placebo, "no number tells nothing apart");
        assert_eq!(Tested::of(&[2.0], Some(&[0.0])).expect("one").verdict(), Verdict::OneSeed);
        assert_eq!(Tested::of(&clear, None).expect("four").verdict(), Verdict::Apart);
        assert_eq!(Tested::of(&[], Some(&SMALL)), None);
        // A cost a job where it is luck whether there are jobs.
        let cost = tested(clear, SMALL);
        assert_eq!(cost.over(Some(tested(wide, SMALL))).verdict(), Verdict::Interval);
        assert_eq!(cost.over(Some(tested(clear, SMALL))).verdict(), Verdict::Apart);
    }

    #[test]
    fn what_is_not_told_apart_reads_as_such() {
        let luck = tested([2.0, 2.1, 2.0, 2.1], [-4.0, 5.0, -4.0, 5.0]);
        assert_eq!(qualified("yes", Some(&luck)), "yes, but not told apart from chance");
        assert_eq!((qualified("no", Some(&luck)), qualified("yes", None)), ("no".to_owned(), "yes".to_owned()));
        assert_eq!(cells(None), ["-", "-"]);
        assert_eq!(cells(Some(&luck))[1], "placebo");
        let mut table = Table::new(["id", "mean", "placebo", "told apart"]);
        for apart in ["apart", "placebo", "-"] {
            table.push(["x", "1.0", "0 to 1", apart]);
        }
        let means: Vec<String> = marked(&table, "mean").rows.into_iter().map(|row| row[1].clone()).collect();
        assert_eq!(means, ["1.0", "~1.0", "1.0"]);
    }

    #[test]
    fn the_placebo_is_summed_up() {
        let figure = |id: &str, change: [f64; 4], placebo: [f64; 4], extreme| Figure {
            id: id.to_owned(),
            tested: tested(change, placebo),
            extreme,
        };
        let [clear, luck] = [[2.0, 2.1, 2.0, 2.1], [0.1, 0.2, 0.1, 0.2]];
        let mut figures = vec![figure("a", clear, SMALL, false), figure("b", SMALL, SMALL, false)];
        figures.push(figure("lowest", clear, luck, true));
        figures.push(figure("own", [90.0, 91.0, 90.0, 91.0], luck, false));
        let text = summary(&figures);
        assert!(text.starts_with("placebo: 3 of 3 figures not told apart from nothing, as it should be"), "{text}");
        assert!(text.ends_with("effects: 3 of 4 told apart from chance (not: b)"), "{text}");
        figures.extend(["c", "d"].map(|id| figure(id, clear, luck, false)));
        let text = summary(&figures);
        assert!(
            text.contains("3 of 5 figures not told apart from nothing (not: c, d), fewer than should be"),
            "{text}"
        );
        let one = Figure { tested: Tested::of(&[1.0], Some(&[1.0])).expect("one"), ..figures[0].clone() };
        assert!(summary(&[one]).contains("one seed"));
    }

    #[test]
    fn one_in_twenty_may_be_luck() {
        assert!(may_be_luck(0, 1) && may_be_luck(2, 20) && !may_be_luck(3, 20) && !may_be_luck(1, 1));
    }
}
