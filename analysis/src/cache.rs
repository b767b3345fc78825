//! Runs of an ensemble, read block by block: no chunk of the file is unpacked again for the next run.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::rc::Rc;

use engine::netcdf::{NetcdfError, Reader, Values, VariableInfo};

use crate::recording::RUN;

/// Bytes of a variable that are read at once.
const BLOCK_BYTES: usize = 1 << 22;

/// Blocks of a variable that are kept: a run and its baseline may lie in two.
const KEPT: usize = 2;

/// An ensemble, with the blocks of it that were read last.
pub struct RunCache<'a> {
    reader: &'a Reader,
    variables: RefCell<BTreeMap<String, Rc<Variable>>>,
}

/// A variable and what is kept of it.
struct Variable {
    info: VariableInfo,
    /// Runs of a block, and of the ensemble; none if the variable is the same in all runs.
    step: Option<(usize, usize)>,
    blocks: RefCell<VecDeque<(usize, Rc<Values<'static>>)>>,
}

impl<'a> RunCache<'a> {
    /// Over an ensemble.
    #[must_use]
    pub fn new(reader: &'a Reader) -> Self {
        Self { reader, variables: RefCell::default() }
    }

    /// The ensemble.
    #[must_use]
    pub const fn reader(&self) -> &'a Reader {
        self.reader
    }

    fn variable(&self, name: &str) -> Result<Rc<Variable>, NetcdfError> {
        if let Some(known) = self.variables.borrow().get(name) {
            return Ok(Rc::clone(known));
        }
        let mut info = self.reader.variable(name)?;
        let by_run = info.dimensions.first().is_some_and(|first| first == RUN);
        let step = if by_run {
            info.dimensions.remove(0);
            Some((self.reader.block_rows(name, BLOCK_BYTES)?, info.shape.remove(0)))
        } else {
            None
        };
        let variable = Rc::new(Variable { info, step, blocks: RefCell::default() });
        self.variables.borrow_mut().insert(name.to_owned(), Rc::clone(&variable));
        Ok(variable)
    }

    /// A variable of a run: what it is, without the dimension of runs, and its values.
    ///
    /// # Errors
    /// There is none of this name, or the file is damaged.
    pub fn of_run(&self, name: &str, run: usize) -> Result<(VariableInfo, Values<'static>), NetcdfError> {
        let variable = self.variable(name)?;
        let Some((step, size)) = variable.step else {
            return Ok((variable.info.clone(), self.reader.values(name)?));
        };
        let number = run / step;
        let known = variable.blocks.borrow().iter().find(|block| block.0 == number).map(|block| Rc::clone(&block.1));
        let block = if let Some(block) = known {
            block
        } else {
            let block = Rc::new(self.reader.rows(name, number * step..((number + 1) * step).min(size))?);
            let mut blocks = variable.blocks.borrow_mut();
            blocks.push_back((number, Rc::clone(&block)));
            if blocks.len() > KEPT {
                blocks.pop_front();
            }
            block
        };
        let row: usize = variable.info.shape.iter().product();
        let at = (run - number * step) * row;
        Ok((variable.info.clone(), part(&block, at..at + row)))
    }
}

fn part(values: &Values<'static>, at: Range<usize>) -> Values<'static> {
    match values {
        Values::F64(all) => Values::F64(all[at].to_vec().into()),
        Values::F32(all) => Values::F32(all[at].to_vec().into()),
        Values::I64(all) => Values::I64(all[at].to_vec().into()),
        Values::Text(all) => Values::Text(all[at].to_vec().into()),
    }
}
