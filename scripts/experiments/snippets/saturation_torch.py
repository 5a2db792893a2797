import torch


def saturation_trouble(model, x, kinds=(torch.nn.Sigmoid, torch.nn.Tanh), fraction=0.05, limit=0.5):
    """One line for each module of these kinds with more than half of its slopes below 5 % of the largest.

    x: a batch of inputs.
    """

    def slopes(module, z):
        z = z.detach().double().requires_grad_()
        with torch.enable_grad():
            return torch.autograd.grad(module.forward(z).sum(), z)[0].abs()

    def record(module, received, _):
        largest = slopes(module, torch.linspace(-20, 20, 4001)).max()
        share = (slopes(module, received[0]) < fraction * largest).double().mean().item()
        if share > limit:
            lines.append(f"{names[module]}: {share:.0%} of the slopes are below {fraction:.0%} of the largest")

    lines, names = [], {module: name for name, module in model.named_modules() if isinstance(module, kinds)}
    hooks = [module.register_forward_hook(record) for module in names]
    with torch.no_grad():
        model(x)
    for hook in hooks:
        hook.remove()
    return lines
