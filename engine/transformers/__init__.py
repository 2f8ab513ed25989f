"""Steps of a pipeline beside scikit-learn's. They travel in the model file and import nothing of ours."""
