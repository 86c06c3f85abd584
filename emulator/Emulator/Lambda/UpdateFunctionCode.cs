using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

internal sealed record UpdateFunctionCodeRequest
{
    public string? FunctionName { get; init; }

    public byte[]? ZipFile { get; init; }

    public string? S3Bucket { get; init; }

    public string? S3Key { get; init; }

    public string? S3ObjectVersion { get; init; }

    public string? ImageUri { get; init; }

    public bool? Publish { get; init; }

    public bool? DryRun { get; init; }

    public string? RevisionId { get; init; }

    public IReadOnlyList<string>? Architectures { get; init; }
}

/// <summary>Gives a function another package; the update is InProgress until it is unpacked.</summary>
internal static class UpdateFunctionCode
{
    public static async Task<FunctionDescription> Run(
        FunctionStore functions,
        FunctionCodeSource source,
        CodeSigningConfigs signing,
        UpdateFunctionCodeRequest request,
        Caller caller
    )
    {
        var reference = FunctionReference.Parse(request.FunctionName, null, caller.Scope);
        FunctionLimits.Architectures(request.Architectures);
        var current = functions.Get(reference);
        if (request.ImageUri is not null)
        {
            // Recorded on AWS: localstack, test_lambda_api, test_lambda_zip_file_to_image.
            throw LambdaErrors.Invalid("Please don't provide ImageUri when updating a function with packageType Zip.");
        }

        FunctionChange.Check(current, reference, request.RevisionId);
        signing.CheckCode(caller.Scope, current.CodeSigningConfigArn);
        var package = await source
            .Fetch(
                new FunctionCodeLocation
                {
                    ZipFile = request.ZipFile,
                    S3Bucket = request.S3Bucket,
                    S3Key = request.S3Key,
                    S3ObjectVersion = request.S3ObjectVersion,
                },
                caller
            )
            .ConfigureAwait(false);
        return await FunctionChange
            .Run(
                functions,
                reference,
                request.RevisionId,
                request.DryRun == true,
                request.Publish == true,
                (transaction, version) =>
                {
                    var changed = version with
                    {
                        CodeSha256 = package.Sha256,
                        CodeSize = package.Zip.Length,
                        UnzippedSize = package.UnzippedSize,
                        Architecture = request.Architectures is { Count: > 0 } architectures ? architectures[0] : version.Architecture,
                    };
                    FunctionLimits.Check(changed);
                    FunctionStore.PutCode(transaction, reference.Scope.Account, package);
                    return changed;
                }
            )
            .ConfigureAwait(false);
    }
}
