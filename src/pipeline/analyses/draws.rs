//! Random draws of uncertain numbers: one ChaCha stream per name, so that neither the order nor the
//! number of quantities changes another's draws. Knows no analysis.

use crate::config::{Distribution, Quantity};
use crate::files;
use crate::num;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Normal quantiles between the limits of a 95 % interval.
const WIDTH: f64 = 2.0 * 1.959_963_984_540_054;

/// A stream of draws.
pub(super) struct Draws(ChaCha8Rng);

impl Draws {
    /// The stream of a name within a study.
    pub(super) fn new(seed: u64, name: &str) -> Self {
        let hash = files::sha256_hex(format!("draws\n{seed}\n{name}").as_bytes());
        let mut key = [0; 32];
        for (at, byte) in key.iter_mut().enumerate() {
            *byte = hash.get(2 * at..2 * at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()).unwrap_or(0);
        }
        Self(ChaCha8Rng::from_seed(key))
    }

    /// Uniform in 0..1, never 0.
    fn uniform(&mut self) -> f64 {
        ((self.0.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// Standard normal by inversion.
    pub(super) fn normal(&mut self) -> f64 {
        num::normal_quantile(self.uniform())
    }

    /// Gamma with unit scale (Marsaglia and Tsang 2000).
    fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let raised = num::exp(num::ln(self.uniform()) / shape);
            return self.gamma(shape + 1.0) * raised;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = (1.0 + c * x) * (1.0 + c * x) * (1.0 + c * x);
            if v > 0.0 && num::ln(self.uniform()) < 0.5 * x * x + d - d * v + d * num::ln(v) {
                return d * v;
            }
        }
    }

    /// One draw of a quantity.
    pub(super) fn quantity(&mut self, of: &Quantity) -> f64 {
        let sd = (of.high - of.low) / WIDTH;
        match of.distribution {
            Distribution::Fixed => of.value,
            Distribution::Normal => of.value + sd * self.normal(),
            Distribution::Uniform => of.low + (of.high - of.low) * self.uniform(),
            Distribution::Gamma => {
                let scale = sd * sd / of.value;
                self.gamma(of.value / scale) * scale
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantity(distribution: Distribution) -> Quantity {
        Quantity { label: String::new(), value: 130.0, low: 110.0, high: 155.0, distribution }
    }

    #[test]
    fn draws_have_the_stated_moments_and_repeat() {
        let sd = 45.0 / WIDTH;
        for (distribution, mean, sd) in [
            (Distribution::Normal, 130.0, sd),
            (Distribution::Gamma, 130.0, sd),
            (Distribution::Uniform, 132.5, 45.0 / 12.0_f64.sqrt()),
            (Distribution::Fixed, 130.0, 0.0),
        ] {
            let (of, n) = (quantity(distribution), 40_000);
            let mut stream = Draws::new(1, "a");
            let drawn: Vec<f64> = (0..n).map(|_| stream.quantity(&of)).collect();
            let found = drawn.iter().sum::<f64>() / f64::from(n);
            let spread = (drawn.iter().map(|x| (x - found) * (x - found)).sum::<f64>() / f64::from(n)).sqrt();
            assert!((found - mean).abs() < 4.0 * (sd / 200.0) + 1e-9, "{distribution:?}: {found}");
            assert!((spread - sd).abs() < 0.03 * sd + 1e-9, "{distribution:?}: {spread} against {sd}");
            assert_eq!(Draws::new(1, "a").quantity(&of), drawn[0]);
        }
        assert_ne!(Draws::new(1, "a").normal(), Draws::new(1, "b").normal());
        assert_ne!(Draws::new(1, "a").normal(), Draws::new(2, "a").normal());
    }

    #[test]
    fn small_shapes_have_their_mean() {
        let mut stream = Draws::new(3, "small");
        let mean = (0..60_000).map(|_| stream.gamma(0.4)).sum::<f64>() / 60_000.0;
        assert!((mean - 0.4).abs() < 0.011, "{mean}");
    }
}
