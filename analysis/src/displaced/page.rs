//! The page of what a lost job costs, in English or Chinese.

use engine::clock::Date;

use super::{Seed, TIMES, YEARS, in_year, over, published};
use crate::bars::{interval, shown};
use crate::paired::Estimate;
use crate::report::{Answer, Bar, Chart, Language, Report, Section, Series, bars, lines};
use crate::table::Table;

/// Sizes of the drawings, pixels.
const WIDE: [f64; 2] = [820.0, 360.0];
const LOW: [f64; 2] = [820.0, 190.0];

/// The page; `first` is the calendar year of the displacement, `households` says how many agents a region has and `maker` who ran it.
#[must_use]
pub fn page(seeds: &[Seed], first: i32, households: &str, maker: &str, language: Language) -> Report {
    let say = |texts: [&'static str; 2]| language.of(texts);
    let losses = [0, 1].map(|times| over(seeds, |seed| seed.struck[times].value));
    let answers = (0..TIMES.len()).map(|times| answer(seeds, times, losses[times].as_ref(), language)).collect();
    let runs = match language {
        Language::English => format!("{} seeds, {households} household agents a region", seeds.len()),
        Language::Chinese => format!("{} 个随机种子，每地区 {households} 个住户主体", seeds.len()),
    };
    let title = say(["What a lost job costs", "失去工作的代价"]).to_owned();
    let notes = [
        [
            "One in ten of those who have been in their job for three years and more loses it in January 2027, whoever they are. The same persons are followed for twenty years in the world in which they do and in that in which they do not, with the same random numbers; months without a job count with nothing, the retired are left out.",
            "2027 年 1 月，任职三年及以上者每十人中有一人随机失业。同一批人在失业与未失业的两个世界中、以相同的随机数被追踪二十年；无工作的月份按零计，退休者自退休起不再计入。",
        ],
        [
            "In bad times a tax of fourteen points on all consumption has brought a recession a year before. Published: Davis and von Wachter (2011), men of large firms, mass layoffs, against others of long tenure.",
            "不景气时期：一年前开征的十四个百分点消费税带来衰退。文献：Davis 与 von Wachter（2011），大企业男性员工的大规模裁员，与其他长期任职者相比。",
        ],
        [
            "The parameters behind it were chosen with this fact in view, among people alone at base-year wages: it is no prediction.",
            "相关参数是在基年工资下的住户单独模拟中针对该事实选定的，因此不是预测。",
        ],
    ];
    Report {
        language,
        title,
        subtitle: format!("{}{runs}", say(["United States; ", "美国；"])),
        region: say(["USA", "美国（USA）"]).to_owned(),
        context: vec![runs],
        notes: notes.map(|texts| say(texts).to_owned()).to_vec(),
        answers,
        sections: vec![Section {
            title: say(["Earnings lost", "收入损失"]).to_owned(),
            charts: vec![(by_year(seeds, first, language), true), (values(&losses, language), true)],
        }],
        provenance: vec![(say(["made by", "生成"]).to_owned(), maker.to_owned())],
        ..Report::default()
    }
}

/// Present value in good or in bad times, beside what is published.
fn answer(seeds: &[Seed], times: usize, loss: Option<&Estimate>, language: Language) -> Answer {
    let fact = published(times);
    let unemployment = over(seeds, |seed| 100.0 * seed.struck[times].unemployment).map_or(f64::NAN, |x| x.mean);
    let band = fact.band.map_or_else(String::new, |band| band.to_string());
    let from_to = |text: String| match language {
        Language::English => text,
        Language::Chinese => text.replace(" to ", " 至 "),
    };
    let (own, band) = (from_to(loss.map_or_else(String::new, interval)), from_to(band));
    let note = match language {
        Language::English => {
            format!("{own}; published {}, band {band}; unemployment before {unemployment:.1}%", fact.target)
        }
        Language::Chinese => format!("{own}；文献值 {}，区间 {band}；此前失业率 {unemployment:.1}%", fact.target),
    };
    let unit = language.of([" years of pay", " 年工资"]);
    let value = loss.map_or_else(|| "-".to_owned(), |x| shown(x.mean));
    Answer { name: language.of(TIMES[times]).to_owned(), value: value + unit, note, doubt: false }
}

/// Losses by year since.
fn by_year(seeds: &[Seed], first: i32, language: Language) -> Chart {
    let say = |texts: [&'static str; 2]| language.of(texts);
    let found = [0, 1].map(|times| (0..YEARS).map(|year| in_year(seeds, times, year)).collect::<Vec<_>>());
    let of = |times: usize, number: fn(&Estimate) -> f64| -> Vec<f64> {
        found[times].iter().map(|x| x.as_ref().map_or(f64::NAN, number)).collect()
    };
    let line = |times: usize| Series {
        name: say(TIMES[times]).to_owned(),
        values: of(times, |x| x.mean),
        bands: if seeds.len() > 1 { vec![[of(times, Estimate::low), of(times, Estimate::high)]] } else { vec![] },
    };
    let series = [line(0), line(1)];
    let years = (first..).take(YEARS).filter_map(|year| Date::new(year, 1, 1).ok());
    let head = [say(["year since", "失业后第几年"]), say(TIMES[0]), say(TIMES[1])];
    let mut data = Table::new(head);
    for year in 0..YEARS {
        let cells = [0, 1].map(|times| crate::report::number(series[times].values[year]));
        data.push([(year + 1).to_string().as_str(), &cells[0], &cells[1]]);
    }
    let title = say(["Earnings lost by year since the job was lost", "失业后各年的收入损失"]);
    let unit = say(["% of a year's pay before", "占此前年工资的百分比"]);
    let ends = [0, 1].map(|times| format!("{} {:.0}", say(TIMES[times]), series[times].values[0]));
    Chart {
        id: "losses".to_owned(),
        title: title.to_owned(),
        unit: unit.to_owned(),
        definition: say([
            "mean over the displaced of what they earn less than the same persons in the world without; 95% interval over seeds",
            "失业者较其在未失业世界中少得收入的均值；各随机种子间的 95% 区间",
        ])
        .to_owned(),
        description: format!("{title}, {unit}: {}", ends.join(", ")),
        keys: series.iter().map(|x| x.name.clone()).collect(),
        drawing: lines(&series, &years.collect::<Vec<_>>(), None, true, WIDE),
        size: WIDE,
        data,
        ..Chart::default()
    }
}

/// Present values beside what is published.
fn values(losses: &[Option<Estimate>; 2], language: Language) -> Chart {
    let say = |texts: [&'static str; 2]| language.of(texts);
    let mut all = Vec::new();
    let mut data = Table::new([say(["times", "时期"]), say(["years of pay", "年工资"])]);
    for (times, loss) in losses.iter().enumerate() {
        let [own, other] = [say(["here", "本模型"]), say(["published", "文献"])];
        let fact = published(times);
        let ends = loss.as_ref().filter(|x| x.half_width.is_finite()).map(|x| [x.low(), x.high()]);
        let target = fact.target.parse().unwrap_or(f64::NAN);
        for (what, value, interval) in [
            (own, loss.as_ref().map_or(f64::NAN, |x| x.mean), ends),
            (other, target, fact.band.map(|band| [band.low, band.high])),
        ] {
            let name = format!("{}: {what}", say(TIMES[times]));
            data.push([name.as_str(), &crate::report::number(value)]);
            all.push(Bar { name, value, interval, apart: true });
        }
    }
    let title = say(["Present value of twenty years", "二十年损失的现值"]);
    let unit = say(["years of pay before, at 5% a year", "此前年工资的倍数，年贴现率 5%"]);
    Chart {
        id: "values".to_owned(),
        title: title.to_owned(),
        unit: unit.to_owned(),
        definition: say([
            "whiskers: 95% interval over seeds; of what is published its band",
            "须线：随机种子间 95% 区间；文献为其区间",
        ])
        .to_owned(),
        description: format!("{title}, {unit}"),
        drawing: bars(&all, LOW),
        size: LOW,
        data,
        ..Chart::default()
    }
}

/// The first chart of a page, as a drawing that stands alone.
#[must_use]
pub fn figure(report: &Report) -> String {
    report.charts().next().map_or_else(String::new, |chart| report.drawing(chart))
}
