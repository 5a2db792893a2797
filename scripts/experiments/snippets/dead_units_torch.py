import torch


def dead_unit_trouble(model, batches, kinds=(torch.nn.ReLU,), threshold=0.0, limit=0.1):
    """One line for each module of these kinds with more than a tenth of its units dead: slope 0 for every example.

    batches: inputs x that together are the whole training set. Units are counted along axis 1 (channels, of images).
    threshold=0.01 finds the units that are stuck: at most a hundredth of the gradient passes (LeakyReLU).
    """

    def record(module, received, _):
        z = received[0].detach().requires_grad_()
        with torch.enable_grad():
            slope = torch.autograd.grad(module.forward(z).sum(), z)[0].abs()
        slope = slope.transpose(0, 1).flatten(start_dim=1).amax(dim=1)
        largest[module] = torch.maximum(largest.get(module, slope), slope)

    largest, names = {}, {module: name for name, module in model.named_modules() if isinstance(module, kinds)}
    hooks = [module.register_forward_hook(record) for module in names]
    with torch.no_grad():
        for x in batches:
            model(x)
    for hook in hooks:
        hook.remove()
    lines = []
    for module, slope in largest.items():
        dead = slope <= threshold
        if dead.double().mean() > limit:
            which = dead.nonzero().flatten().tolist()
            lines.append(f"{names[module]}: {len(which)} of {len(dead)} units are dead: {which}")
    return lines
