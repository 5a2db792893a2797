import torch


def low_precision_trouble(model, dtype=torch.float16, limit=0.01):
    """One line for each parameter where more than 1 % of the gradient would be 0, or any of it infinite, in float16.

    Call it after loss.backward() in float32.
    """
    lines = []
    for name, parameter in model.named_parameters():
        if parameter.grad is None:
            continue
        rounded, nonzero = parameter.grad.to(dtype), parameter.grad != 0
        lost = (rounded[nonzero] == 0).double().mean().item() if nonzero.any() else 0
        if not rounded.isfinite().all():
            lines.append(f"{name}: the gradient overflows, its largest entry is {parameter.grad.abs().max():.1e}")
        elif lost > limit:
            lines.append(f"{name}: {lost:.0%} of the gradient becomes 0: multiply the loss by a constant")
    return lines
