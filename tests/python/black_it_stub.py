"""Stands for Black-it (0.3.3) where it is not installed: what the example uses of it, called as the real one is.

`calibration.py` holds the signatures against the real package.
"""

import sys
import types

import numpy as np


class Calibrator:
    """Takes points at even distances, and sorts them by their loss."""

    def __init__(
        self,
        loss_function,
        real_data,
        model,
        parameters_bounds,
        parameters_precision,
        ensemble_size,
        samplers=None,
        scheduler=None,
        sim_length=None,
        convergence_precision=None,
        verbose=True,
        saving_folder=None,
        random_state=None,
        n_jobs=None,
    ):
        assert model.__name__, "a checkpoint names the model"
        self.real, self.model, self.members = np.asarray(real_data), model, ensemble_size
        self.low, self.high = (np.asarray(bound, dtype=float) for bound in parameters_bounds)
        assert len(self.low) == len(self.high) == len(parameters_precision)
        self.loss, self.sampler = loss_function, samplers[0]

    def calibrate(self, n_batches):
        ticks, outputs = self.real.shape
        random = np.random.default_rng(1)
        shares = np.linspace(0, 1, n_batches * self.sampler.batch_size)
        points = np.array([self.low + share * (self.high - self.low) for share in shares])
        found = [self.model(x, ticks, random.integers(2**32 - 1)) for x in np.repeat(points, self.members, axis=0)]
        found = np.reshape(found, (len(points), self.members, ticks, outputs))
        losses = np.array([self.loss.compute_loss(x, self.real) for x in found])
        order = np.argsort(losses)
        return points[order], losses[order]


class MinkowskiLoss:
    def __init__(self, p=2, coordinate_weights=None, coordinate_filters=None):
        self.p = p

    def compute_loss(self, sim_data_ensemble, real_data):
        return float((np.abs(sim_data_ensemble.mean(axis=0) - real_data) ** self.p).sum() ** (1 / self.p))


class HaltonSampler:
    def __init__(self, batch_size, random_state=None, max_deduplication_passes=5):
        self.batch_size = batch_size


def put_in_place():
    """Makes `import black_it` find what is here."""
    for name, thing in [
        ("calibrator", Calibrator),
        ("loss_functions.minkowski", MinkowskiLoss),
        ("samplers.halton", HaltonSampler),
    ]:
        module = types.ModuleType(f"black_it.{name}")
        setattr(module, thing.__name__, thing)
        for part in ["black_it", *[f"black_it.{name.split('.')[0]}"]]:
            sys.modules.setdefault(part, types.ModuleType(part))
        sys.modules[f"black_it.{name}"] = module
