"""Which activation functions models use, seen in Transformers: the configurations, and the code of single models."""

import ast
import collections
import importlib
from pathlib import Path

import numpy as np
from reference import CATALOGUE

# Function -> the names under which Transformers has it, in its table ACT2FN.
NAMES = {
    "GELU": ("gelu", "gelu_python"),
    "GELU, tanh form": ("gelu_pytorch_tanh", "gelu_new", "gelu_fast", "gelu_python_tanh", "gelu_accurate"),
    "SiLU": ("silu", "swish"),
    "ReLU": ("relu",),
    "Quick GELU": ("quick_gelu",),
    "Squared ReLU": ("relu2",),
    "Tanh": ("tanh",),
    "Hard swish": ("hardswish",),
    "ReLU6": ("relu6",),
    "PReLU": ("prelu",),
    "Leaky ReLU": ("leaky_relu",),
    "xIELU": ("xielu",),
}
POINTS = (-9.0, -7.0, -2.5, -1.0, -0.25, 0.5, 1.0, 3.0, 7.0, 9.0)


def configured(model, name, expected, **options):
    """What a configuration class says: (file, setting, options, the value that the claim rests on)."""
    return f"models/{model}/configuration_{model}.py", name, options, expected


def coded(model, name, part):
    """A line in the code of a class, which holds `part`: (file, class, None, part)."""
    return f"models/{model}/modeling_{model}.py", name, None, part


GATED = "self.act_fn(self.gate_proj(x)) * self.up_proj(x)"
PLAIN = "self.down_proj(self.act_fn(self.up_proj(x)))"
SNAKE = "hidden_states + (self.alpha + 1e-9).reciprocal() * torch.sin(self.alpha * hidden_states).pow(2)"

# Function -> model -> what was seen of it.
SEEN = {
    "SiLU, gated (SwiGLU)": {
        "Llama": [configured("llama", "LlamaConfig.hidden_act", "silu"), coded("llama", "LlamaMLP", GATED)],
        "Mistral": [configured("mistral", "MistralConfig.hidden_act", "silu"), coded("mistral", "MistralMLP", GATED)],
        "Qwen 2": [configured("qwen2", "Qwen2Config.hidden_act", "silu"), coded("qwen2", "Qwen2MLP", GATED)],
        "Qwen 3": [configured("qwen3", "Qwen3Config.hidden_act", "silu"), coded("qwen3", "Qwen3MLP", GATED)],
        "DeepSeek V3": [
            configured("deepseek_v3", "DeepseekV3Config.hidden_act", "silu"),
            coded("deepseek_v3", "DeepseekV3MLP", GATED),
        ],
        "OLMo 2": [configured("olmo2", "Olmo2Config.hidden_act", "silu"), coded("olmo2", "Olmo2MLP", GATED)],
        "Phi-3": [
            configured("phi3", "Phi3Config.hidden_act", "silu"),
            coded("phi3", "Phi3MLP", "up_states * self.activation_fn(gate)"),
        ],
        "GLM-4": [
            configured("glm4", "Glm4Config.hidden_act", "silu"),
            coded("glm4", "Glm4MLP", "up_states * self.activation_fn(gate)"),
        ],
    },
    "SiLU, gated, its inputs cut off": {
        "DeepSeek V4": [
            configured("deepseek_v4", "DeepseekV4Config.hidden_act", "silu"),
            configured("deepseek_v4", "DeepseekV4Config.swiglu_limit", 10.0),
            coded("deepseek_v4", "DeepseekV4MLP", "self.gate_proj(x).clamp(max=self.limit)"),
            coded("deepseek_v4", "DeepseekV4MLP", "self.act_fn(gate) * up"),
        ],
    },
    "Clamped SwiGLU": {
        "gpt-oss": [
            configured("gpt_oss", "GptOssConfig.swiglu_alpha", 1.702),
            configured("gpt_oss", "GptOssConfig.swiglu_limit", 7.0),
            coded("gpt_oss", "GptOssExperts", "gate.clamp(min=None, max=self.limit)"),
            coded("gpt_oss", "GptOssExperts", "up.clamp(min=-self.limit, max=self.limit)"),
            coded("gpt_oss", "GptOssExperts", "gate * torch.sigmoid(gate * self.alpha)"),
            coded("gpt_oss", "GptOssExperts", "(up + 1) * glu"),
        ],
    },
    "SiLU": {
        "EfficientNet": [
            configured("efficientnet", "EfficientNetConfig.hidden_act", "swish"),
            coded("efficientnet", "EfficientNetExpansionLayer", "ACT2FN[config.hidden_act]"),
        ],
        "Mamba": [
            configured("mamba", "MambaConfig.hidden_act", "silu"),
            coded("mamba", "MambaMixer", "ACT2FN[config.hidden_act]"),
        ],
    },
    "GELU, tanh form, gated (GEGLU)": {
        "Gemma": [
            configured("gemma", "GemmaConfig.hidden_act", "gelu_pytorch_tanh"),
            coded("gemma", "GemmaMLP", GATED),
        ],
        "Gemma 2": [
            configured("gemma2", "Gemma2Config.hidden_activation", "gelu_pytorch_tanh"),
            coded("gemma2", "Gemma2MLP", GATED),
        ],
        "Gemma 3": [
            configured("gemma3", "Gemma3TextConfig.hidden_activation", "gelu_pytorch_tanh"),
            coded("gemma3", "Gemma3MLP", GATED),
        ],
        "T5 1.1": [
            configured("t5", "T5Config.dense_act_fn", "gelu_new", feed_forward_proj="gated-gelu"),
            coded("t5", "T5DenseGatedActDense", "hidden_gelu * hidden_linear"),
        ],
    },
    "GELU, gated (GEGLU)": {
        "ModernBERT": [
            configured("modernbert", "ModernBertConfig.hidden_activation", "gelu"),
            coded("modernbert", "ModernBertMLP", "self.act(input) * gate"),
        ],
    },
    "GELU": {
        "BERT": [
            configured("bert", "BertConfig.hidden_act", "gelu"),
            coded("bert", "BertIntermediate", "self.intermediate_act_fn(hidden_states)"),
        ],
        "ViT": [
            configured("vit", "ViTConfig.hidden_act", "gelu"),
            coded("vit", "ViTMLP", "self.activation_fn(hidden_states)"),
        ],
        "DINOv3": [configured("dinov3_vit", "DINOv3ViTConfig.hidden_act", "gelu")],
        "ConvNeXt": [configured("convnext", "ConvNextConfig.hidden_act", "gelu")],
        "Whisper": [
            configured("whisper", "WhisperConfig.activation_function", "gelu"),
            coded("whisper", "WhisperEncoderLayer", "self.activation_fn(self.fc1(hidden_states))"),
        ],
    },
    "GELU, tanh form": {
        "GPT-2": [
            configured("gpt2", "GPT2Config.activation_function", "gelu_new"),
            coded("gpt2", "GPT2MLP", "self.act(hidden_states)"),
        ],
        "SigLIP": [configured("siglip", "SiglipVisionConfig.hidden_act", "gelu_pytorch_tanh")],
    },
    "Quick GELU": {
        "CLIP": [
            configured("clip", "CLIPTextConfig.hidden_act", "quick_gelu"),
            configured("clip", "CLIPVisionConfig.hidden_act", "quick_gelu"),
            coded("clip", "CLIPMLP", "self.activation_fn(hidden_states)"),
        ],
    },
    "ReLU": {
        "T5": [
            configured("t5", "T5Config.dense_act_fn", "relu"),
            coded("t5", "T5DenseActDense", "self.act(hidden_states)"),
        ],
        "OPT": [
            configured("opt", "OPTConfig.activation_function", "relu"),
            coded("opt", "OPTDecoderLayer", "self.activation_fn(hidden_states)"),
        ],
        "ResNet": [configured("resnet", "ResNetConfig.hidden_act", "relu")],
    },
    "Squared ReLU": {
        "Nemotron": [
            configured("nemotron", "NemotronConfig.hidden_act", "relu2"),
            coded("nemotron", "NemotronMLP", PLAIN),
        ],
        "Arcee": [configured("arcee", "ArceeConfig.hidden_act", "relu2"), coded("arcee", "ArceeMLP", PLAIN)],
    },
    "Squared ReLU, gated": {
        "BitNet": [configured("bitnet", "BitNetConfig.hidden_act", "relu2"), coded("bitnet", "BitNetMLP", GATED)],
    },
    "xIELU": {
        "Apertus": [configured("apertus", "ApertusConfig.hidden_act", "xielu"), coded("apertus", "ApertusMLP", PLAIN)],
    },
    "Snake": {
        "DAC": [coded("dac", "Snake1d", SNAKE)],
    },
    "Snake with two parameters": {
        "BigVGAN in Qwen2.5-Omni": [
            coded("qwen2_5_omni", "Qwen2_5OmniSnakeBeta", "torch.exp(alpha)"),
            coded("qwen2_5_omni", "Qwen2_5OmniSnakeBeta", "torch.exp(beta)"),
            coded("qwen2_5_omni", "Qwen2_5OmniSnakeBeta", "(1.0 / (beta + self.no_div_by_zero))"),
            coded("qwen2_5_omni", "Qwen2_5OmniSnakeBeta", "torch.sin(hidden_states * alpha), 2"),
        ],
    },
}


def ask(key, framework):
    """The answer that tables and tests read; see `count`, `look` and `values` for its parts."""
    if key != "transformers":
        return None
    package = Path(framework.module.__file__).parent
    seen = {
        function: {
            model: [
                {"file": file, "name": name, "found": look(package, file, name, options, expected)}
                for file, name, options, expected in claims
            ]
            for model, claims in models.items()
        }
        for function, models in SEEN.items()
    }
    return {**count(), "seen": seen, "values": values(framework.names["torch"])}


def count():
    """How many configuration classes name each function in their defaults, sub-configurations included.

    A class counts once for each function that it names, whatever the setting: one whose name holds "act" or is
    feed_forward_proj. `classes` is how many there are, `without` those that can't be made without arguments.
    """
    from transformers import PreTrainedConfig
    from transformers.activations import ACT2FN
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    classes, without = {}, []

    def walk(value):
        if isinstance(value, PreTrainedConfig) and type(value) not in classes:
            classes[type(value)] = vars(value)
            walk(vars(value))
        elif isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, (list, tuple)):
            for entry in value:
                walk(entry)

    for name in CONFIG_MAPPING.keys():
        try:
            walk(CONFIG_MAPPING[name]())
        except Exception:  # of many kinds: it wants a model to wrap, for example
            without.append(name)
    counts = collections.Counter()
    for settings in classes.values():
        named = {
            value
            for setting, value in settings.items()
            if "act" in setting or setting == "feed_forward_proj"
            if isinstance(value, str) and value in ACT2FN
        }
        counts.update(sorted(named))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return {"classes": len(classes), "without": without, "counts": dict(ordered)}


def look(package, file, name, options, part):
    """What stands there today: the value of a setting, or the first line of a class that holds `part`, None if none."""
    if options is not None:
        cls, _, setting = name.partition(".")
        module = importlib.import_module(f"transformers.{file.removesuffix('.py').replace('/', '.')}")
        return getattr(getattr(module, cls)(**options), setting)
    text = (package / file).read_text(encoding="utf-8")
    found = [node for node in ast.parse(text).body if isinstance(node, ast.ClassDef) and node.name == name]
    lines = [line.strip() for node in found for line in ast.get_source_segment(text, node).splitlines()]
    return next((line for line in lines if part in line), None)


def values(torch):
    """{"names": name -> the largest difference from this site's module at POINTS, for the functions that it has,
    "points": POINTS, and for each function that only a formula on a page defines: its values there}.

    Quick GELU, squared ReLU and xIELU with its initial parameters; snake with its parameter 2, and with 2 and 3; the
    clamped SwiGLU of gpt-oss with the points as the gate's input, and the same in reverse as the other.
    """
    from transformers.activations import ACT2CLS, ACT2FN
    from transformers.models.dac.modeling_dac import Snake1d
    from transformers.models.gpt_oss.configuration_gpt_oss import GptOssConfig
    from transformers.models.gpt_oss.modeling_gpt_oss import GptOssExperts
    from transformers.models.qwen2_5_omni.modeling_qwen2_5_omni import Qwen2_5OmniSnakeBeta

    z = torch.tensor(POINTS, dtype=torch.float64)
    names = {
        name: float(np.max(np.abs(ACT2FN[name](z).detach().numpy() - CATALOGUE[page](np.array(POINTS)))))
        for page, function in (("gelu", "GELU"), ("silu", "SiLU"), ("relu", "ReLU"), ("tanh", "Tanh"))
        for name in NAMES[function]
    }

    snake, beta = Snake1d(1).double(), Qwen2_5OmniSnakeBeta(1).double()
    experts = GptOssExperts(GptOssConfig(hidden_size=1, intermediate_size=1, num_local_experts=1)).double()
    with torch.no_grad():
        snake.alpha.fill_(2)
        beta.alpha.fill_(np.log(2))
        beta.beta.fill_(np.log(3))
        pairs = torch.stack([z, z.flip(0)], -1)
        found = {
            "quick_gelu": ACT2FN["quick_gelu"](z),
            "relu2": ACT2FN["relu2"](z),
            "xielu": ACT2CLS["xielu"](dtype=torch.float64)(z),
            "tanh_form": ACT2FN["gelu_new"](z),
            "snake": snake(z[None, None])[0, 0],
            "snake_beta": beta(z[None, None])[0, 0],
            "clamped_swiglu": experts._apply_gate(pairs)[:, 0],
        }
    return {"names": names, "points": POINTS, **{name: tensor.tolist() for name, tensor in found.items()}}
