"""Code that trains outside the app too: imported here, copied as it stands into what is exported.

How the parts of a data set are called (``F`` is the declared function, keywords are the declared parameters by name):

- A data set's ``loader="module:F"``: ``rows = F(path, **params)`` when its declaration has ``file`` (a shipped set:
  ``path`` is that file), else ``rows = F(**params)``; parameters that are paths arrive resolved. ``rows`` is a
  `samples.Samples`, or a `rows.Rows` with what was found out about the files: ``rows.fields`` maps field names to numpy
  arrays of equal length, float32 or int64; ``rows.classes`` maps label fields to class names.
- The split: ``train, validation, test = splits.split_samples(len(rows), labels, validation=..., test=..., seed=...)``,
  numbers of samples. ``labels`` is the first field of ``rows.classes`` with one axis when the project stratifies and
  there is one, else ``None``.
- A fitted transform (``random=False``), ``target="transforms:F"``: ``fitted = transforms.fit_F(values[train],
  **params)``, a dict of arrays, then ``values = transforms.F(values, **fitted)``, on the whole field, once, in the
  order of the project; ``values = transforms.undo_F(values, **fitted)`` gives what was before (there is none for
  ``FillMissing``). `engine.catalog.data.datasets.implied_transforms` tells what a data set itself asks for
  (``FillMissing``); it comes first. All this in numpy; then ``torch.from_numpy``.
- An augmentation (``random=True``), ``target="augment:F"``, on tensors: once an epoch
  ``table = augment.draw_F(train_values, generator, **params)``, one entry a training row, with
  ``generator = order.epoch_generator(seed, epoch, salt=1 + its place among the augmentations)``; then, for each batch
  of row numbers ``index`` within the training part, ``values = augment.F(train_values[index], table[index])``. Same
  row, same epoch: same result in any batch.
- The order of an epoch: ``order.epoch_order(len(train), seed, epoch)``. Epochs count from 0.

``field`` is a parameter of every transform and says which field it changes; it is not passed on.

Each name that a function uses is imported at the top of its module or defined in it, so a copy takes the definitions
that an entry reaches. Wrong data raises `samples.DataError`: one message with file and place, and a hint.
"""
