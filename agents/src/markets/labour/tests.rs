use super::*;

#[test]
fn vacancies_follow_the_mix() {
    assert_eq!(vacancies_by_skill(&[1, 1, 0], &[2, 2, 1], 5, 0.7), [1, 1, 1]);
    assert_eq!(vacancies_by_skill(&[5, 0, 0], &[1, 0, 0], 3, 0.2), [0, 0, 0]);
}

#[test]
fn posts_of_many_firms_have_the_proportions_of_the_mix() {
    let mut sum = [0; SKILLS];
    for k in 0..6000 {
        let posts = vacancies_by_skill(&[1, 3, 2], &[1, 3, 2], 7, f64::from(k) / 6000.0);
        (0..SKILLS).for_each(|s| sum[s] += posts[s]);
    }
    assert_eq!(sum, [1000, 3000, 2000]);
}

#[test]
fn wages_rise_faster_where_labour_is_scarce_than_they_fall_where_it_is_not() {
    let mut p = crate::testing::parameters().labour;
    (p.wage_curve_slope, p.wage_curve_offset) = (0.3, 0.02);
    // 0.3 x 0.06 (0.06 / 0.05 - 1) / 12 at 3 percent, normal 4.
    crate::testing::near(wage_growth(0.03, 0.04, &p, 12.0), 0.0003);
    // 0.3 x 0.06 (0.06 / 0.075 - 1) / 12 at 5.5 percent.
    crate::testing::near(wage_growth(0.055, 0.04, &p, 12.0), -0.0003);
    crate::testing::near(wage_growth(0.04, 0.04, &p, 12.0), 0.0);
}

#[test]
fn a_post_of_few_is_filled_first() {
    let plant = |employees_desired, open| Plant { employees_desired, vacancies: [0, open, 0], ..Plant::default() };
    assert_eq!([plant(2, 1), plant(4, 1)].map(|plant| is_urgent(&plant)), [true; 2]);
    // A plant that is new, one with all its staff, one of more agents.
    assert_eq!([plant(3, 3), plant(2, 0), plant(5, 1)].map(|plant| is_urgent(&plant)), [false; 3]);
}
