"""What a saved model may hold: the types, layers and code that are opened. Travels inside its predict.py."""

from __future__ import annotations

SOURCES: dict[str, str] = {}
"""The code that came with a model file, with its sha256; `bundle.save` fills it in the predict.py inside."""

# What a pipeline may hold. Whatever is not named here is refused before anything of it is built.
LOADERS = frozenset(
    f"{kind}Node"
    for kind in (
        "Bytearray",
        "DType",
        "Dict",
        "Json",
        "List",
        "Loss",
        "NdArray",
        "Object",
        "RandomState",
        "Slice",
        "SparseMatrix",
        "Tree",
        "Tuple",
        "Type",
    )
)
_HELD = {
    "builtins": "bool bytearray dict float int list slice str tuple",
    "engine.transformers.balanced": "Balanced",
    "engine.transformers.calibrated": "Calibrated",
    "engine.transformers.clip": "Clip",
    "engine.transformers.frequency": "Frequency",
    "engine.transformers.gaps": "Neighbours Rounds",
    "engine.transformers.hashing": "Hashing",
    "engine.transformers.member": "ClassMember ValueMember",
    "engine.transformers.places": "Places",
    "engine.transformers.power": "Power",
    "engine.transformers.quantiles": "Quantiles",
    "engine.transformers.scaled_target": "ScaledTarget",
    "engine.transformers.single": "Single",
    "engine.transformers.stepwise": "StepwiseClassifier StepwiseRegressor",
    "engine.transformers.target_means": "TargetMeans",
    "lightgbm.basic": "Booster",
    "lightgbm.sklearn": "LGBMClassifier LGBMRegressor",
    "numpy": "dtype float32 float64 int32 int64 ndarray uint64",
    "engine.transformers.combine": "Combine",
    "engine.transformers.components": "Components",
    "engine.transformers.dates": "DateParts",
    "engine.transformers.group_mean": "GroupMean",
    "engine.transformers.keep": "Keep",
    "engine.transformers.ranges": "Ranges",
    "engine.transformers.words": "Words",
    "numpy.random.mtrand": "RandomState",
    "scipy.sparse._csr": "csr_matrix",
    "sklearn._loss._loss": "CyHalfBinomialLoss CyHalfMultinomialLoss CyHalfSquaredError",
    "sklearn._loss.link": "IdentityLink Interval LogitLink MultinomialLogit",
    "sklearn._loss.loss": "HalfBinomialLoss HalfMultinomialLoss HalfSquaredError",
    "sklearn.calibration": "_CalibratedClassifier _SigmoidCalibration",
    "sklearn.compose._column_transformer": "ColumnTransformer",
    "sklearn.decomposition._pca": "PCA",
    "sklearn.decomposition._truncated_svd": "TruncatedSVD",
    "sklearn.dummy": "DummyClassifier DummyRegressor",
    "sklearn.ensemble._bagging": "BaggingClassifier BaggingRegressor",
    "sklearn.ensemble._forest": "ExtraTreesClassifier ExtraTreesRegressor "
    "RandomForestClassifier RandomForestRegressor",
    "sklearn.ensemble._gb": "GradientBoostingClassifier GradientBoostingRegressor",
    "sklearn.ensemble._hist_gradient_boosting.binning": "_BinMapper",
    "sklearn.ensemble._hist_gradient_boosting.gradient_boosting": "HistGradientBoostingClassifier "
    "HistGradientBoostingRegressor",
    "sklearn.ensemble._hist_gradient_boosting.predictor": "TreePredictor",
    "sklearn.ensemble._stacking": "StackingClassifier StackingRegressor",
    "sklearn.ensemble._voting": "VotingClassifier VotingRegressor",
    "sklearn.ensemble._weight_boosting": "AdaBoostClassifier AdaBoostRegressor",
    "sklearn.frozen._frozen": "FrozenEstimator",
    "sklearn.gaussian_process._gpc": "GaussianProcessClassifier _BinaryGaussianProcessClassifierLaplace",
    "sklearn.gaussian_process._gpr": "GaussianProcessRegressor",
    "sklearn.gaussian_process.kernels": "ConstantKernel Matern Product RationalQuadratic RBF Sum WhiteKernel",
    "sklearn.impute._base": "MissingIndicator SimpleImputer",
    "sklearn.impute._knn": "KNNImputer",
    "sklearn.linear_model._base": "LinearRegression",
    "sklearn.linear_model._coordinate_descent": "ElasticNet Lasso",
    "sklearn.linear_model._logistic": "LogisticRegression",
    "sklearn.linear_model._ridge": "Ridge",
    "sklearn.linear_model._sgd_fast": "ModifiedHuber",
    "sklearn.linear_model._stochastic_gradient": "SGDClassifier SGDRegressor",
    "sklearn.model_selection._split": "KFold",
    "sklearn.multiclass": "OneVsRestClassifier",
    "sklearn.naive_bayes": "GaussianNB",
    "sklearn.neighbors._classification": "KNeighborsClassifier",
    "sklearn.neighbors._regression": "KNeighborsRegressor",
    "sklearn.neural_network._multilayer_perceptron": "MLPClassifier MLPRegressor",
    "sklearn.neural_network._stochastic_optimizers": "AdamOptimizer SGDOptimizer",
    "sklearn.pipeline": "Pipeline",
    "sklearn.preprocessing._data": "MinMaxScaler RobustScaler StandardScaler",
    "sklearn.preprocessing._encoders": "OneHotEncoder OrdinalEncoder",
    "sklearn.preprocessing._label": "LabelBinarizer LabelEncoder",
    "sklearn.preprocessing._target_encoder": "TargetEncoder",
    "sklearn.svm._classes": "LinearSVC LinearSVR SVC SVR",
    "sklearn.tree._classes": "DecisionTreeClassifier DecisionTreeRegressor "
    "ExtraTreeClassifier ExtraTreeRegressor",
    "sklearn.tree._tree": "Tree",
    "xgboost.core": "Booster",
    "xgboost.sklearn": "XGBClassifier XGBRegressor",
}
TYPES = frozenset(f"{module}.{name}" for module, names in _HELD.items() for name in names.split())
# Of these the ones that skops does not trust by itself.
_UNKNOWN_TO_SKOPS = (
    "engine.",
    "lightgbm.",
    "scipy.",
    "sklearn.calibration.",
    "sklearn.ensemble._hist_gradient_boosting.predictor.",
    "sklearn.gaussian_process._gpc._",
    "sklearn.gaussian_process.kernels.",
    "sklearn.neural_network._stochastic",
    "xgboost.",
)
_OWN = sorted(name for name in TYPES if name.startswith(_UNKNOWN_TO_SKOPS))
TRUSTED = ["numpy.dtype", "sklearn.tree._tree.Tree", *_OWN]
LAYERS = frozenset(
    [
        "keras.DTypePolicy",
        "keras.Sequential",
        *(f"keras.initializers.{name}" for name in ("GlorotUniform", "Zeros")),
        *(f"keras.layers.{name}" for name in ("Dense", "Dropout", "InputLayer", "Rescaling")),
    ]
)
