import torch


def centre_trouble(model, x, kinds=(torch.nn.Sigmoid, torch.nn.Tanh, torch.nn.ReLU, torch.nn.GELU), limit=0.9):
    """One line for each module of these kinds whose output is more than 90 % the same for all examples.

    x: a mixed batch of 100 examples or more. The share is the square of the mean over the examples, divided by the mean
    square: 0 for centred outputs, 1 for constants.
    """

    def record(module, _, output):
        a = output.double()
        share = (a.mean(dim=0).square().mean() / a.square().mean()).item()
        if share > limit:
            lines.append(f"{names[module]}: {share:.0%} of the output is the same for all examples")

    lines, names = [], {module: name for name, module in model.named_modules() if isinstance(module, kinds)}
    hooks = [module.register_forward_hook(record) for module in names]
    with torch.no_grad():
        model(x)
    for hook in hooks:
        hook.remove()
    return lines
