namespace Disa.Emulator.Lambda;

/// <summary>What a layer may say (https://docs.aws.amazon.com/lambda/latest/api/API_PublishLayerVersion.html).</summary>
internal static class LayerLimits
{
    private const int RuntimesLimit = 15;
    private const int DescriptionLimit = 256;
    private const int LicenseLimit = 512;
    private static readonly string[] Architectures = ["x86_64", "arm64"];

    /// <summary>
    /// Runtimes that lists may ask for, in AWS's order (recorded in localstack's test_lambda_api, test_layer_exceptions).
    /// </summary>
    private const string Listed =
        "ruby3.5, ruby2.6, dotnetcore1.0, python3.7, nodejs8.10, nasa, ruby2.7, python2.7-greengrass, dotnetcore2.0, python3.8, java21, "
        + "dotnet6, dotnetcore2.1, python3.9, java11, nodejs6.10, provided, dotnetcore3.1, dotnet8, java25, java17, nodejs, nodejs4.3, "
        + "java8.al2, go1.x, dotnet10, nodejs20.x, go1.9, byol, nodejs10.x, provided.al2023, nodejs22.x, python3.10, java8, nodejs12.x, "
        + "python3.11, nodejs24.x, nodejs8.x, python3.12, nodejs14.x, nodejs8.9, nodejs26.x, python3.13, python3.14, nodejs16.x, "
        + "python3.15, provided.al2, nodejs4.3-edge, nodejs18.x, ruby3.2, python3.4, ruby3.3, ruby3.4, ruby2.5, python3.6, python2.7";

    private static readonly HashSet<string> Runtimes = [.. Listed.Split(", ")];

    public static void Check(PublishLayerVersionRequest request)
    {
        var errors = new List<string>();
        if (request.Description?.Length > DescriptionLimit)
        {
            errors.Add(Broken(request.Description, "description", $"Member must have length less than or equal to {DescriptionLimit}"));
        }

        if (request.LicenseInfo?.Length > LicenseLimit)
        {
            errors.Add(Broken(request.LicenseInfo, "licenseInfo", $"Member must have length less than or equal to {LicenseLimit}"));
        }

        var runtimes = request.CompatibleRuntimes ?? [];
        if (runtimes.Count > RuntimesLimit)
        {
            errors.Add(Broken(Shown(runtimes), "compatibleRuntimes", $"Member must have length less than or equal to {RuntimesLimit}"));
        }

        if (!runtimes.All(Runtimes.Contains))
        {
            errors.Add(Broken(Shown(runtimes), "compatibleRuntimes", $"Member must satisfy enum value set: [{FunctionRuntime.Recorded}]"));
        }

        if (request.CompatibleArchitectures is { } architectures && !architectures.All(Architectures.Contains))
        {
            errors.Add(
                Broken(
                    Shown(architectures),
                    "compatibleArchitectures",
                    $"Member must satisfy constraint: [Member must satisfy enum value set: [{string.Join(", ", Architectures)}]]"
                )
            );
        }

        if (errors.Count > 0)
        {
            throw LambdaErrors.Constraints(errors);
        }
    }

    /// <summary>What lists are filtered by.</summary>
    public static void Check(string? runtime, string? architecture)
    {
        if (runtime is not null && !Runtimes.Contains(runtime))
        {
            throw LambdaErrors.Constraint(runtime, "compatibleRuntime", $"Member must satisfy enum value set: [{Listed}]");
        }

        if (architecture is not null && !Architectures.Contains(architecture))
        {
            throw LambdaErrors.Constraint(
                architecture,
                "compatibleArchitecture",
                $"Member must satisfy enum value set: [{string.Join(", ", Architectures)}]"
            );
        }
    }

    private static string Shown(IEnumerable<string> values) => $"[{string.Join(", ", values)}]";

    private static string Broken(string value, string member, string constraint) =>
        $"Value '{value}' at '{member}' failed to satisfy constraint: {constraint}";
}
