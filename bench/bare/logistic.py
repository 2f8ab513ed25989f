"""What a person would write instead: one script, one logistic regression on the penguins."""

import sys

import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

table = pd.read_csv(sys.argv[1])
features, target = table.drop(columns="species"), table["species"]
numbers = features.select_dtypes("number").columns
words = features.columns.difference(numbers)
train_x, test_x, train_y, test_y = train_test_split(
    features, target, test_size=0.2, stratify=target, random_state=42
)
prepared = ColumnTransformer(
    [
        ("numbers", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
        (
            "words",
            make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")),
            words,
        ),
    ]
)
model = make_pipeline(prepared, LogisticRegression(max_iter=1000))
model.fit(train_x, train_y)
print(accuracy_score(test_y, model.predict(test_x)))
