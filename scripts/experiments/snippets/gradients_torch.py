import math

import torch


def gradient_trouble(model, loss, kinds=(torch.nn.Linear, torch.nn.Conv2d), factor=1000):
    """One line for each layer whose gradient is 1000 times smaller or larger than the last layer's.

    loss: a function that runs the model and returns the loss, such as lambda: criterion(model(x), y). Compared is
    d loss / d z, z being the output of a layer of these kinds. The gradients of the weights can hide the trouble:
    without biases, those of a ReLU network have nearly the same size in all layers.
    """

    def record(module, _, z):
        outputs[names[module]] = z

    outputs, names = {}, {module: name for name, module in model.named_modules() if isinstance(module, kinds)}
    hooks = [module.register_forward_hook(record) for module in names]
    gradients = torch.autograd.grad(loss(), list(outputs.values()))
    for hook in hooks:
        hook.remove()
    sizes = [gradient.double().square().mean().sqrt().item() for gradient in gradients]
    lines = []
    for name, size in zip(outputs, sizes):
        if not math.isfinite(size):
            lines.append(f"{name}: the gradient is {size}")
        elif size * factor < sizes[-1]:
            lines.append(f"{name}: the gradient vanishes, {size:.1e} against {sizes[-1]:.1e} in the last layer")
        elif size > factor * sizes[-1]:
            lines.append(f"{name}: the gradient explodes, {size:.1e} against {sizes[-1]:.1e} in the last layer")
    return lines
