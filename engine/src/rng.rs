//! Random draws as pure functions of (seed, stream, tick, agent).
//!
//! There is no generator state to save or to share: whoever asks twice gets the same words twice, in any order, on
//! any thread. Agents are grouped into fixed chunks of [`CHUNK_AGENTS`] by id; one `ChaCha8` generator keyed by (seed,
//! stream, tick) and positioned by chunk fills a whole chunk at once, and [`Streams::draws`] finds the words of one
//! agent in the same sequence.
//!
//! Each agent owns a fixed number of words per stream and tick, whether it uses them or not, so that two scenarios
//! whose agents decide differently still share every later draw. For the same reason the helpers use
//! multiply-shift instead of rejection: one word in, one number out.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Tick;
use crate::math;

/// The number of consecutive agent ids that share one generator. Part of the definition of every draw.
pub const CHUNK_AGENTS: usize = 1024;

const AGENT_DOMAIN: u64 = u64::from_le_bytes(*b"agents\0\0");
const SEQUENCE_DOMAIN: u64 = u64::from_le_bytes(*b"sequence");

/// A named source of draws. Each decision that draws has its own, so that a new draw in one shifts no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stream {
    id: u16,
    name: &'static str,
}

impl Stream {
    /// The stream with this id; the name is for people only.
    #[must_use]
    pub const fn new(id: u16, name: &'static str) -> Self {
        Self { id, name }
    }

    /// The id, which keys the draws.
    #[must_use]
    pub const fn id(self) -> u16 {
        self.id
    }

    /// The name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }
}

/// Checks that no two of `streams` share an id or a name. Call it from a test over the full list of a model.
///
/// # Panics
/// If two streams share an id or a name.
pub fn assert_distinct(streams: &[Stream]) {
    for (index, a) in streams.iter().enumerate() {
        for b in &streams[..index] {
            assert!(
                a.id != b.id && a.name != b.name,
                "streams `{}` ({}) and `{}` ({}) must differ in id and name",
                b.name,
                b.id,
                a.name,
                a.id
            );
        }
    }
}

/// All the draws of one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Streams {
    seed: u64,
}

impl Streams {
    /// The draws that belong to `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// The seed.
    #[must_use]
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    fn generator(self, domain: u64, stream: Stream, tick: Tick, nonce: u64) -> ChaCha8Rng {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&self.seed.to_le_bytes());
        key[8..16].copy_from_slice(&domain.to_le_bytes());
        key[16..18].copy_from_slice(&stream.id.to_le_bytes());
        key[20..24].copy_from_slice(&tick.to_le_bytes());
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream(nonce);
        generator
    }

    /// Fills `out` with the words of the agents of `chunk` (ids from `chunk * 1024`), agent by agent: with `n` words an
    /// agent, the words of agent `id` are `out[(id % 1024) * n..][..n]`. A shorter `out` gives the same words up to its
    /// end. About 2 ns a word.
    pub fn fill_chunk(&self, stream: Stream, tick: Tick, chunk: u32, out: &mut [u64]) {
        let mut generator = self.generator(AGENT_DOMAIN, stream, tick, u64::from(chunk));
        generator.fill_bytes(bytemuck::cast_slice_mut(out));
    }

    /// Fills `out` with `words_per_agent` words for each agent from id 0 on, in parallel over the fixed chunks. The
    /// words of agent `id` are `out[id * words_per_agent..][..words_per_agent]`.
    ///
    /// # Panics
    /// If `words_per_agent` is zero, does not divide the length of `out`, or there are more than 2^42 agents.
    pub fn fill(&self, stream: Stream, tick: Tick, words_per_agent: usize, out: &mut [u64]) {
        assert!(
            words_per_agent > 0 && out.len().is_multiple_of(words_per_agent),
            "{} words cannot be shared out at {words_per_agent} an agent",
            out.len()
        );
        out.par_chunks_mut(CHUNK_AGENTS * words_per_agent).enumerate().for_each(|(chunk, words)| {
            let chunk = u32::try_from(chunk).expect("at most 2^42 agents");
            self.fill_chunk(stream, tick, chunk, words);
        });
    }

    /// Writes the `out.len()` words of one agent: the words that [`Streams::fill_chunk`] gives it with that many words
    /// per agent. About 100 ns a call; use the chunked form in loops over all agents.
    ///
    /// # Panics
    /// If `agent` is 2^42 or more.
    pub fn draws_into(&self, stream: Stream, tick: Tick, agent: u64, out: &mut [u64]) {
        let chunk = u32::try_from(agent / CHUNK_AGENTS as u64).expect("agent ids stay below 2^42");
        let mut generator = self.generator(AGENT_DOMAIN, stream, tick, u64::from(chunk));
        let words_before = u128::from(agent % CHUNK_AGENTS as u64) * out.len() as u128;
        generator.set_word_pos(words_before * 2);
        generator.fill_bytes(bytemuck::cast_slice_mut(out));
    }

    /// The `N` words of one agent, see [`Streams::draws_into`].
    ///
    /// # Panics
    /// If `agent` is 2^42 or more.
    #[must_use]
    pub fn draws<const N: usize>(&self, stream: Stream, tick: Tick, agent: u64) -> [u64; N] {
        let mut words = [0; N];
        self.draws_into(stream, tick, agent, &mut words);
        words
    }

    /// A sequence of any length for one `key` (a market, a region), for work that is sequential by nature such as
    /// visiting the buyers of a market in random order. Distinct from all per-agent draws of the same stream.
    #[must_use]
    pub fn sequence(&self, stream: Stream, tick: Tick, key: u64) -> Sequence {
        Sequence { generator: self.generator(SEQUENCE_DOMAIN, stream, tick, key) }
    }
}

/// A random sequence, see [`Streams::sequence`]. It lives inside one system of one tick and is never saved.
#[derive(Clone, Debug)]
pub struct Sequence {
    generator: ChaCha8Rng,
}

impl Sequence {
    /// The next word.
    pub fn word(&mut self) -> u64 {
        self.generator.next_u64()
    }

    /// The next number in [0, 1).
    pub fn unit(&mut self) -> f64 {
        unit(self.word())
    }

    /// The next integer below `n`.
    ///
    /// # Panics
    /// If `n` is zero.
    pub fn below(&mut self, n: u32) -> u32 {
        below(self.word(), n)
    }

    /// Brings `items` into a random order, one word an item.
    ///
    /// # Panics
    /// If there are 2^32 items or more.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            let n = u32::try_from(end + 1).expect("fewer than 2^32 items");
            items.swap(end, self.below(n) as usize);
        }
    }
}

/// A word as a number in [0, 1), a multiple of 2^-53.
#[inline]
#[must_use]
pub fn unit(word: u64) -> f64 {
    (word >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
}

/// A word as an integer in `0..n`, by multiply-shift (bias below `n / 2^64`).
///
/// # Panics
/// If `n` is zero.
#[must_use]
pub fn below(word: u64, n: u32) -> u32 {
    assert!(n > 0, "there is no integer below zero to draw");
    ((u128::from(word) * u128::from(n)) >> 64) as u32
}

/// Whether an event of probability `p` happens for this word. Never for `p <= 0`, always for `p >= 1`.
#[must_use]
pub fn happens(word: u64, p: f64) -> bool {
    unit(word) < p
}

/// Two words as one standard normal number (Box-Muller, the cosine half). Finite: at most 8.6 in size.
#[must_use]
pub fn normal(a: u64, b: u64) -> f64 {
    // 1 - unit is in (0, 1], so the logarithm is finite.
    let radius = math::sqrt(-2.0 * math::ln(1.0 - unit(a)));
    radius * math::cos(std::f64::consts::TAU * unit(b))
}

/// A cheap stateless mixer for relations that never change, such as the market segment an agent belongs to. Not for
/// draws that vary over time: use [`Streams`] there.
#[inline]
#[must_use]
pub const fn hash(a: u64, b: u64, c: u64) -> u64 {
    Key::new(a, b).with(c)
}

/// The first two words of a [`hash`], for many that differ in the third only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key(u64);

impl Key {
    /// First two words.
    #[inline]
    #[must_use]
    pub const fn new(a: u64, b: u64) -> Self {
        // Odd constants: the fractional bits of the golden ratio and of the square roots of 3 and 5.
        let x = avalanche(a.wrapping_add(0x9E37_79B9_7F4A_7C15));
        Self(avalanche(x ^ b.wrapping_mul(0xBB67_AE85_84CA_A73B)))
    }

    /// The hash with a third word.
    #[inline]
    #[must_use]
    pub const fn with(self, c: u64) -> u64 {
        avalanche(self.0 ^ c.wrapping_mul(0x3C6E_F372_FE94_F82B))
    }
}

/// A bijection of 64 bits in which each input bit flips each output bit with probability near one half.
#[inline]
const fn avalanche(mut x: u64) -> u64 {
    x ^= x >> 30;
    x = x.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x ^= x >> 27;
    x = x.wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Stream = Stream::new(1, "a");
    const B: Stream = Stream::new(2, "b");

    #[test]
    fn golden_values() {
        // Computed by an independent ChaCha8 of twenty lines of Python, itself checked on a published ChaCha20 vector.
        let streams = Streams::new(42);
        assert_eq!(streams.draws::<2>(Stream::new(7, "x"), 5, 0), [0x5bfc_330e_873c_3d95, 0x57d7_2b08_0b13_cae1]);
        assert_eq!(streams.draws::<2>(Stream::new(7, "x"), 5, 1_025), [0x74a4_dc3f_652a_1fbf, 0x5909_e433_1084_7ffc]);
        assert_eq!(streams.sequence(Stream::new(7, "x"), 5, 9).word(), 0x2f9d_b6be_8506_0da4);
        assert_eq!(hash(1, 2, 3), 0x398c_6a61_5e1f_8462);
    }

    #[test]
    fn chunked_and_single_draws_agree() {
        let streams = Streams::new(0xDEAD_BEEF);
        for words in [1, 2, 3, 5, 8] {
            let mut all = vec![0; 2_500 * words];
            streams.fill(A, 17, words, &mut all);
            let mut chunk = vec![0; 300 * words];
            streams.fill_chunk(A, 17, 1, &mut chunk);
            assert_eq!(chunk, all[1024 * words..][..300 * words]);
            let mut own = vec![0; words];
            for agent in [0, 1, 7, 15, 16, 31, 63, 64, 500, 1023, 1024, 1025, 2047, 2048, 2499] {
                streams.draws_into(A, 17, agent, &mut own);
                assert_eq!(own, all[agent as usize * words..][..words], "agent {agent}, {words} words");
            }
        }
    }

    #[test]
    fn draws_do_not_depend_on_threads() {
        let fill = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            let mut words = vec![0; 30_000];
            pool.install(|| Streams::new(3).fill(A, 2, 3, &mut words));
            words
        };
        assert_eq!(fill(1), fill(2));
        assert_eq!(fill(1), fill(7));
    }

    #[test]
    fn each_part_of_the_key_matters() {
        let base = Streams::new(1).draws::<4>(A, 0, 0);
        let others = [
            Streams::new(2).draws::<4>(A, 0, 0),
            Streams::new(1).draws::<4>(B, 0, 0),
            Streams::new(1).draws::<4>(A, 1, 0),
            Streams::new(1).draws::<4>(A, 0, 1),
            Streams::new(1).draws::<4>(A, 0, 1024),
        ];
        for other in others {
            assert!(base.iter().zip(&other).all(|(x, y)| x != y));
        }
        assert_ne!(Streams::new(1).sequence(A, 0, 0).word(), base[0], "sequences are apart from agent draws");
    }

    #[test]
    fn streams_are_uncorrelated_and_uniform() {
        let streams = Streams::new(11);
        let n = 1 << 16;
        let (mut a, mut b) = (vec![0; n], vec![0; n]);
        streams.fill(A, 0, 1, &mut a);
        streams.fill(B, 0, 1, &mut b);
        let moment = |f: &dyn Fn(f64, f64) -> f64| {
            a.iter().zip(&b).map(|(&x, &y)| f(unit(x) - 0.5, unit(y) - 0.5)).sum::<f64>() / n as f64
        };
        // Bands of five standard errors.
        let se = 1.0 / (n as f64).sqrt();
        assert!(moment(&|x, _| x).abs() < 5.0 * se / 12.0_f64.sqrt());
        assert!((moment(&|x, _| x * x) - 1.0 / 12.0).abs() < 5.0 * se * 0.075);
        assert!((moment(&|x, y| x * y) * 12.0).abs() < 5.0 * se);
    }

    #[test]
    fn helpers_cover_their_ranges() {
        assert_eq!(unit(0).to_bits(), 0);
        assert!(unit(u64::MAX) < 1.0);
        assert_eq!((below(0, 7), below(u64::MAX, 7)), (0, 6));
        assert_eq!(below(u64::MAX, u32::MAX), u32::MAX - 1);
        assert!(!happens(0, 0.0) && happens(u64::MAX, 1.0) && happens(0, 1e-9));
        assert!(normal(u64::MAX, 0).is_finite() && normal(u64::MAX, 0) > 8.0);
        let counts = (0..70_000).fold([0; 7], |mut counts, i| {
            counts[below(hash(i, 0, 0), 7) as usize] += 1;
            counts
        });
        assert!(counts.iter().all(|&c| (9_500..10_500).contains(&c)), "{counts:?}");
    }

    #[test]
    fn normals_are_standard() {
        let n = 100_000_u64;
        let mut words = vec![0; 2 * n as usize];
        Streams::new(5).fill(A, 0, 2, &mut words);
        let draws: Vec<f64> = words.chunks(2).map(|pair| normal(pair[0], pair[1])).collect();
        let mean = draws.iter().sum::<f64>() / n as f64;
        let variance = draws.iter().map(|x| x * x).sum::<f64>() / n as f64;
        let fourth = draws.iter().map(|x| x.powi(4)).sum::<f64>() / n as f64;
        assert!(mean.abs() < 0.016 && (variance - 1.0).abs() < 0.023 && (fourth - 3.0).abs() < 0.16);
    }

    #[test]
    fn shuffles_reach_every_order() {
        let mut seen = std::collections::BTreeMap::new();
        for key in 0..2_400 {
            let mut items = [0, 1, 2, 3];
            Streams::new(9).sequence(A, 0, key).shuffle(&mut items);
            *seen.entry(items).or_insert(0) += 1;
        }
        assert_eq!(seen.len(), 24);
        assert!(seen.values().all(|&count| (50..=150).contains(&count)), "{seen:?}");
    }

    #[test]
    fn hash_mixes_each_argument() {
        for bit in 0..64 {
            let flips =
                |f: &dyn Fn(u64) -> u64| (0..256).map(|x| (f(x) ^ f(x ^ (1 << bit))).count_ones()).sum::<u32>() / 256;
            assert!((28..=36).contains(&flips(&|x| hash(x, 1, 2))), "a {bit}");
            assert!((28..=36).contains(&flips(&|x| hash(1, x, 2))), "b {bit}");
            assert!((28..=36).contains(&flips(&|x| hash(1, 2, x))), "c {bit}");
        }
    }

    #[test]
    #[should_panic(expected = "streams `a` (1) and `c` (1) must differ")]
    fn duplicate_streams_are_refused() {
        assert_distinct(&[A, B, Stream::new(1, "c")]);
    }
}
