"""The ``generate.py`` of a project that generates samples from noise."""

from engine.catalog.generation_kinds import FROM_NOISE
from engine.catalog.spec import effective
from engine.codegen.field_usage import reads
from engine.codegen.literals import literal, quote
from engine.codegen.scripts.learning import loading
from engine.codegen.scripts.modules import OPTION_TYPES, import_text
from engine.codegen.snippets import copy_snippets, network_name
from engine.codegen.source import Writer, when
from engine.errors import EngineError
from engine.graph.generation import output_of
from engine.graph.model import Project

OWN_NAMES = ("OUTPUT", "PIXELS", "Path", "WEIGHTS", "main")


def text(project: Project) -> str:
    """The file. Raises: `EngineError` where the project does not name the Output of the samples."""
    output = output_of(project)
    if project.generation is None or output is None:
        raise EngineError("The settings of generation do not name the Output of the samples.", code="T031")
    values = effective(FROM_NOISE.params, project.generation.params)
    copy = copy_snippets((("sampling", "draw_samples"), ("sampling", "sample_file")))
    network = network_name(project.main, {*copy.names, *OWN_NAMES})
    load, load_statement = loading(project)
    others = {
        *copy.imports,
        ("argparse", "", "argparse"),
        ("sys", "", "sys"),
        ("pathlib", "Path", "Path"),
        ("torch", "", "torch"),
        ("safetensors", "SafetensorError", "SafetensorError"),
        ("safetensors.torch", load, load),
    }
    has_gradients = reads(project).all_needs.gradients
    out = Writer()
    out.code(f'''
        """Writes samples that {project.main}, the network of model.py, generates from noise.

            python generate.py [--count N] [--seed N] [-o FILE] [--weights FILE] [--device NAME]

        A .png file gets a grid of images, an .npz or .safetensors file the numbers.
        """
        ''')
    out.blank()
    own_imports = {("options", name, name) for name in OPTION_TYPES}
    out.paste(import_text(others, {*own_imports, ("model", project.main, network)}))
    out.blank()
    out.write(f"OUTPUT = {quote(output)}", comment="the output of the network that has the samples")
    out.write(
        f"PIXELS = ({literal(values['low'])}, {literal(values['high'])})", comment="the values of black and white"
    )
    out.code("""
        WEIGHTS = Path(__file__).parent / "weights.safetensors"
        if not WEIGHTS.exists():
            WEIGHTS = WEIGHTS.with_name("trained.safetensors")  # written by train.py
        """)
    out.heading("How samples are drawn and written")
    out.blank(2)
    out.paste(copy.text)
    out.heading("The program")
    out.blank(2)
    out.code(f'''
        {when(not has_gradients, "@torch.inference_mode()")}
        def main() -> None:
            """Read the options and write the file."""
            parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
            parser.add_argument("--count", type=positive_number, default=64, help="how many samples")
            parser.add_argument("--seed", type=seed_number, default=0, help="another one gives other samples")
            parser.add_argument("-o", "--output", type=output_file, default="grid.png")
            parser.add_argument("--weights", default=WEIGHTS, help="the weights to use, a safetensors file")
            parser.add_argument("--device", type=usable_device, default="cpu")
            options = parser.parse_args()
            model = {network}().to(options.device)
            try:
                {load_statement}
            except (OSError, RuntimeError, SafetensorError) as error:
                reason = " ".join(str(error).split())[:300]
                sys.exit(f"{{options.weights}}: cannot be loaded as weights; run train.py first: {{reason}}")
            samples = draw_samples(model, OUTPUT, options.count, options.seed)
            try:
                options.output.write_bytes(sample_file(samples, options.output.suffix.lower(), *PIXELS))
            except (OSError, ValueError) as error:
                sys.exit(f"{{options.output}}: cannot be written: {{error}}")


        if __name__ == "__main__":
            main()
        ''')
    return out.source().text
