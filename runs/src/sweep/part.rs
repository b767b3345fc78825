//! Which part of the runs a worker does.

use crate::failure::Failure;

/// Which part of the runs this worker does: from `--shard i/n`, or from the variables of a scheduler's job array.
///
/// # Errors
/// What is given is no part, or there is no job array.
pub fn part_of(given: Option<&str>) -> Result<(usize, usize), Failure> {
    let Some(text) = given else { return Ok((0, 1)) };
    let wrong = || {
        Failure::Configuration(format!(
            "--shard {text}: write i/n with i from 1 to n, such as --shard 3/10, or `auto`, or auto/n"
        ))
    };
    let (number, count) = match text.split_once('/') {
        None if text == "auto" => array_task(None)?,
        Some(("auto", count)) => array_task(Some(count.parse().map_err(|_| wrong())?))?,
        Some((number, count)) => number.parse().ok().zip(count.parse().ok()).ok_or_else(wrong)?,
        None => return Err(wrong()),
    };
    if number == 0 || number > count { Err(wrong()) } else { Ok((number - 1, count)) }
}

/// Number, from 1, of a task of a job array and how many there are, by the variables of Slurm, SGE, Kubernetes or PBS.
fn array_task(count: Option<usize>) -> Result<(usize, usize), Failure> {
    let number = |name: &str| std::env::var(name).ok()?.trim().parse::<usize>().ok();
    let slurm = || {
        let first = number("SLURM_ARRAY_TASK_MIN")?;
        let step = number("SLURM_ARRAY_TASK_STEP").unwrap_or(1).max(1);
        Some((number("SLURM_ARRAY_TASK_ID")?.checked_sub(first)? / step + 1, number("SLURM_ARRAY_TASK_COUNT")?))
    };
    let with_gaps = || {
        let span = number("SLURM_ARRAY_TASK_MAX")?.checked_sub(number("SLURM_ARRAY_TASK_MIN")?)?;
        let step = number("SLURM_ARRAY_TASK_STEP").unwrap_or(1).max(1);
        Some(span / step + 1 != number("SLURM_ARRAY_TASK_COUNT")?)
    };
    if with_gaps() == Some(true) {
        return Err(Failure::Configuration(
            "--shard auto: the numbers of the job array have gaps, so they do not say which part a task is; give --shard i/n, or an array without gaps".to_owned(),
        ));
    }
    let sge = || {
        let (first, last) = (number("SGE_TASK_FIRST")?, number("SGE_TASK_LAST")?);
        let step = number("SGE_TASK_STEPSIZE").unwrap_or(1).max(1);
        Some((number("SGE_TASK_ID")?.checked_sub(first)? / step + 1, last.checked_sub(first)? / step + 1))
    };
    // These two do not say how many tasks there are.
    let kubernetes = || Some((number("JOB_COMPLETION_INDEX")? + 1, count?));
    let pbs = || Some((number("PBS_ARRAY_INDEX").or_else(|| number("PBS_ARRAYID"))?, count?));
    let task = slurm().or_else(sge).or_else(kubernetes).or_else(pbs);
    let (task, tasks) = task.ok_or_else(|| {
        Failure::Configuration(
            "--shard auto: no job array found; it reads SLURM_ARRAY_TASK_ID with _MIN and _COUNT, or SGE_TASK_ID with _FIRST, _LAST and _STEPSIZE; auto/n reads JOB_COMPLETION_INDEX of Kubernetes (from 0), or PBS_ARRAY_INDEX or PBS_ARRAYID (from 1)".to_owned(),
        )
    })?;
    match count {
        Some(count) if count != tasks => Err(Failure::Configuration(format!(
            "--shard auto/{count}: the job array has {tasks} tasks; leave /{count} out"
        ))),
        _ => Ok((task, tasks)),
    }
}
