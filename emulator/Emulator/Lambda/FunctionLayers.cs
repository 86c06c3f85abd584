using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

/// <summary>The layers of a function: which it may have, and where its processes find what is in them.</summary>
internal static class FunctionLayers
{
    private const int Most = 5;

    /// <remarks>The refusals are as recorded on AWS in localstack's tests/aws/services/lambda_/test_lambda_api, test_layer_function_exceptions.</remarks>
    public static IReadOnlyList<FunctionLayer> Of(IReadOnlyList<string> arns, LayerStore layers, Scope scope)
    {
        var references = arns.Select(LayerReference.TryParse).ToList();
        if (references.Any(reference => reference is null))
        {
            throw LambdaErrors.Constraint(
                $"[{string.Join(", ", arns)}]",
                "layers",
                "Member must satisfy constraint: [Member must have length less than or equal to 140, Member must have length greater than or equal to 1, "
                    + "Member must satisfy regular expression pattern: (arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\\d{12}:layer:[a-zA-Z0-9-_]+:[0-9]+)"
                    + "|(arn:[a-zA-Z0-9-]+:lambda:::awslayer:[a-zA-Z0-9-_]+), Member must not be null]"
            );
        }

        if (arns.Count > Most)
        {
            throw LambdaErrors.Invalid($"Cannot reference more than {Most} layers.");
        }

        var found = new List<FunctionLayer>();
        var seen = new List<LayerReference>();
        foreach (var layer in references.Select(reference => reference!.Value))
        {
            if (layer.Scope.Region != scope.Region)
            {
                throw LambdaErrors.Invalid(
                    $"Layers are not in the same region as the function. Layers are expected to be in region {scope.Region}."
                );
            }

            if (layers.Find(layer) is not { } version)
            {
                throw LambdaErrors.Invalid($"Layer version {layer.VersionArn} does not exist.");
            }

            if (seen.FirstOrDefault(other => other.LayerArn == layer.LayerArn) is { Name: not null } twice)
            {
                throw LambdaErrors.Invalid(
                    "Two different versions of the same layer are not allowed to be referenced in the same function. "
                        + $"{twice.VersionArn} and {layer.VersionArn} are versions of the same layer."
                );
            }

            seen.Add(layer);
            found.Add(new FunctionLayer(layer.VersionArn, version.CodeSha256, version.CodeSize, version.UnzippedSize));
        }

        return found;
    }

    /// <summary>Where a runtime looks in <c>/opt</c>, here in the directory of the layers.</summary>
    /// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html#packaging-layers-paths</remarks>
    public static void AddPaths(Dictionary<string, string> environment, string runtime, string directory)
    {
        environment["PATH"] = Path.Combine(directory, "bin") + ":" + environment["PATH"];
        environment["LD_LIBRARY_PATH"] = Path.Combine(directory, "lib");
        if (FunctionRuntime.IsPython(runtime))
        {
            environment["PYTHONPATH"] =
                Path.Combine(directory, "python", "lib", runtime, "site-packages") + ":" + Path.Combine(directory, "python");
        }
        else if (FunctionRuntime.IsNode(runtime))
        {
            var major = "node" + new string([.. runtime.Where(char.IsAsciiDigit)]);
            environment["NODE_PATH"] =
                Path.Combine(directory, "nodejs", major, "node_modules") + ":" + Path.Combine(directory, "nodejs", "node_modules");
        }
    }
}
