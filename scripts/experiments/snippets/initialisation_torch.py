import torch


def gain(g, samples=1_000_000):
    """The number for which weights of variance gain^2 / fan_in keep the size of the signal, to about three digits."""
    z = torch.randn(samples, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    return g(z).square().mean().rsqrt().item()


def initialisation_trouble(model, x, factor=10):
    """One line for each linear layer whose output is 10 times smaller or larger than 1, which is the size to aim for.

    Call it before any training; x: a batch of inputs of mean 0 and variance 1.
    """

    def record(module, _, z):
        size = z.double().square().mean().sqrt().item()
        if not 1 / factor < size < factor:
            lines.append(f"{names[module]}: the pre-activations have the size {size:.1e}, expected about 1")

    lines, names = [], {module: name for name, module in model.named_modules() if isinstance(module, torch.nn.Linear)}
    hooks = [module.register_forward_hook(record) for module in names]
    with torch.no_grad():
        model(x)
    for hook in hooks:
        hook.remove()
    return lines
