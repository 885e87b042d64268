"""Every code of a problem in a project, with its meaning; a code is never used again for another meaning.

Letters: ``G`` graph, ``P`` parameter, ``S`` shape, ``D`` data, ``T`` training, ``W`` weights. Codes below ``D100`` are
those of `engine.errors.DataProblem`, found when the data is read. ``python -m engine.check.codes`` prints the table in
``docs/problems.md``.
"""

import sys
from types import MappingProxyType

CODES = MappingProxyType(
    {
        "G001": "a node's kind is not in the catalogue",
        "G002": "a wire starts or ends at a node that does not exist",
        "G003": "a wire starts or ends at a port that does not exist",
        "G004": "two wires end at one port",
        "G005": "a required input has no wire",
        "G006": "the wires form a cycle",
        "G007": "the wires into a variadic port leave a gap",
        "G008": "a node reaches no output and no loss, so it is left out (warning)",
        "G009": "a block's graph is missing",
        "G010": "a block contains itself, directly or through other blocks",
        "G011": "a loss or metric is inside a block",
        "G012": "a block is repeated less than once, or cannot be repeated",
        "G013": "a node cannot share the weights of the node it names",
        "G014": "a bypassed node cannot pass its input through",
        "G015": "a name is not an identifier",
        "G016": "a name means something else in the generated source",
        "G017": "custom code, which is stored but not run",
        "G018": "inputs that belong together are wired only in part",
        "G019": "the main graph is missing",
        "G020": "a graph has no output and no loss",
        "G021": "a block is used nowhere (warning)",
        "G022": "blocks inside blocks make too many nodes",
        "G023": "a layer overwrites a value that others read",
        "G024": "a layer overwrites a value that a gradient is computed from",
        "G025": "a value is differentiated with respect to one that it is not computed from",
        "G026": "numbers are drawn or made in a graph without weights, and no wire gives the number of samples",
        "G027": "a field of a graph or a node is unknown to this version (warning)",
        "G028": "the rounds of a loop do not fit its block",
        "G029": "a file of a library lacks the block that it offers (warning)",
        "P001": "a parameter is unknown",
        "P002": "a parameter's value is not legal",
        "P003": "parameters do not fit each other",
        "P004": "a node that shares weights has parameters of its own",
        "P005": "a value is set that has no effect (warning)",
        "P006": "an expression has no value, or stands where only a value can",
        "P007": "an expression reads a parameter that the block does not have",
        "P008": "`index` or `repeat` is read outside of the parameters of a repeated use",
        "P009": "an expression reads a size that the block does not have, or the number of samples",
        "P010": "an expression cannot be read",
        "P011": "the default or the range of a block's parameter is not legal",
        "P012": "nothing reads a block's parameter, or it is one of the main graph (warning)",
        "P013": "a block's parameter has the name of a port",
        "S001": "torch refuses the inputs; its message is quoted",
        "S002": "a size differs from what the layer was built for",
        "S003": "the number of axes is wrong",
        "S004": "the element type is wrong, such as whole numbers for a layer of real ones",
        "S005": "shapes do not fit together",
        "S006": "a reshape does not keep the number of elements",
        "S007": "the input is smaller than the window that slides over it",
        "S008": "samples are read as time steps, or time steps as samples",
        "S009": "a loss or metric would silently broadcast one input to the shape of the other",
        "S010": "labels and scores disagree about the number of classes",
        "S011": "the outputs of a repeated block do not fit its inputs",
        "S012": "a value that a loss, metric or output reads has no batch axis, or two",
        "S013": "a layer cannot take a single sample, and one of the batches would have only one",
        "S014": "the activation before a loss does not fit the loss (a warning, unless torch refuses it)",
        "S015": "the data holds whole numbers that are out of range for an embedding, a loss or a metric",
        "S016": "a loss for classes gets scores for fewer than two",
        "S017": "the targets are out of the range that the loss takes",
        "S018": "the targets are out of the range that the network can give (warning)",
        "S019": "a size is read off a wire whose shape is unknown",
        "S020": "weights are not counted, because an input has no shape (warning)",
        "S021": "a mask of attention means the opposite of what the layer takes",
        "S022": "weights would depend on the length of a variable axis",
        "D001": "the data cannot be read",
        "D002": "a parameter of the data or of a transform is unknown or its value not legal",
        "D003": "a transform cannot change the field that it is applied to",
        "D004": "the data as loaded cannot be split as set: a part has no samples, or a class too few",
        "D101": "the kind of data is unknown",
        "D102": "a parameter of the data is unknown",
        "D103": "a value of the data is not legal",
        "D104": "the split is not legal",
        "D105": "a transform is unknown",
        "D106": "a transform changes a field that the data does not have",
        "D107": "an input reads a field that the data does not have",
        "D108": "the file that holds the data is not named",
        "D109": "a transform's parameter is unknown or its value not legal",
        "D110": "for this number of samples, the split would leave a part empty",
        "D111": "a field holds large values that no transform scales (warning)",
        "D112": "a setting for reading the data was guessed (warning)",
        "D113": "training needs data, and the project has none",
        "D114": "an input declares another shape or type than the data has",
        "D115": "the split keeps groups together by a field that the data does not have",
        "D130": "`predict` or `evaluate` cannot use a sample; the others are used",
        "D131": "a folder for `predict` holds files that are not read as images (warning)",
        "D135": "a transform moves the content of an image, but not the target that belongs to it (warning)",
        "T001": "training needs a loss",
        "T002": "a training value is not legal",
        "T003": "the optimizer or schedule is unknown",
        "T004": "a parameter of the optimizer or schedule is unknown",
        "T005": "a watched metric does not exist",
        "T006": "the name of the device is not legal",
        "T007": "the schedule cannot be updated at every step",
        "T008": "values of optimizer and schedule do not fit each other",
        "T009": "the only batch is not full, and such batches are dropped",
        "T010": "no trainable weight influences a loss",
        "T011": "a value of optimizer or schedule is set that has no effect (warning)",
        "T012": "this machine has too little memory to train this many parameters (warning)",
        "T013": "the schedule watches a metric for a decrease that should increase, or the reverse (warning)",
        "T014": "the schedule ends before the run does",
        "T015": "the schedule cannot divide the run into its phases",
        "T016": "a phase names a node twice or one that the main graph lacks, or as a loss a node that is not one",
        "T017": "a loss is in no phase",
        "T018": "a phase has the name of another, or a name that is not an identifier",
        "T019": "a phase is to learn a node that has no weights",
        "T020": "two phases learn the same weights (warning)",
        "T021": "no loss of a phase reaches a weight that it learns",
        "T022": "weights that lead to a loss are learned in no phase (warning)",
        "T023": "how often or in which epochs a phase runs is not legal",
        "T024": "a phase has no loss",
        "T025": "an optimizer is to learn a node that it cannot learn, or that another optimizer learns",
        "T026": "an optimizer has no weights to learn",
        "T027": "an optimizer does not fit the weights that it learns",
        "T028": "an optimizer or a sparse gradient does not go together with another setting",
        "T029": "the schedules of a list do not fit together",
        "T030": "the generation is unknown, or one of its values is not legal",
        "T031": "the Output that gives the samples is not named, or does not exist",
        "T032": "the network needs data to generate samples from noise",
        "T033": "the range of the pixels is not that of the samples (warning)",
        "T034": "the average of weights is unknown, or one of its values is not legal",
        "T035": "the average of weights begins after training ends (warning)",
        "T040": "a phase makes no update in the whole run (warning)",
        "T042": "training ends before a schedule of a list begins (warning)",
        "T041": "a setting is unknown to this version (a warning, unless training would differ without it)",
        "W001": "the settings name a weight that the layer does not have",
        "W002": "an initializer or a parametrization is unknown",
        "W003": "a value of an initializer or a parametrization is not legal",
        "W004": "an initializer or a parametrization does not fit the shape of the weight",
        "W005": "a node follows the weights of a node that it cannot follow",
        "W006": "settings of weights exclude each other",
        "W007": "the factor of a learning rate, or the way to follow another node, is not legal",
        "W008": "a setting of weights has no effect (warning)",
        "W009": "the weights to start from cannot be read",
        "W010": "the weights to start from do not fit the layer",
        "W011": "a phase is to learn weights that do not learn",
        "W012": "a weight cannot be that of the other node",
        "W013": "a weight has another shape than the one that it is to be",
    }
)

LETTERS = {"G": "Graph", "P": "Parameters", "S": "Shapes", "D": "Data", "T": "Training", "W": "Weights"}
_HEAD = """# Problems

What `torchloom check` can find in a project. An error keeps it from being trained or exported, a warning does not. This
page is made by `python -m engine.check.codes > docs/problems.md`.
"""


def page() -> str:
    """The table as Markdown."""
    parts = [_HEAD]
    for letter, title in LETTERS.items():
        rows = [f"| {code} | {meaning} |\n" for code, meaning in CODES.items() if code[0] == letter]
        parts.append(f"\n## {title}\n\n| Code | What is wrong |\n|---|---|\n{''.join(rows)}")
    return "".join(parts)


if __name__ == "__main__":
    sys.stdout.write(page())
