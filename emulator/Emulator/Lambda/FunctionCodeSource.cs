using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

/// <summary>Where a package comes from: the request itself, or an object in S3.</summary>
internal sealed record FunctionCodeLocation
{
    public byte[]? ZipFile { get; init; }

    public string? S3Bucket { get; init; }

    public string? S3Key { get; init; }

    public string? S3ObjectVersion { get; init; }

    public string? ImageUri { get; init; }
}

/// <summary>Fetches packages and checks them.</summary>
/// <param name="fetch">An object's bytes by bucket, key and version; null where there is none.</param>
internal sealed class FunctionCodeSource(Func<Caller, string, string, string?, Task<ReadOnlyMemory<byte>?>> fetch)
{
    /// <summary>Bytes of a request that carries its package.</summary>
    public const int RequestLimit = 70_167_211;

    /// <summary>Bytes of a package that comes in a request.</summary>
    private const int ZipLimit = 52_428_800;

    public async Task<FunctionPackage> Fetch(FunctionCodeLocation location, Caller caller)
    {
        if (location.ImageUri is not null)
        {
            throw AwsException.NotImplemented("functions from container images (ImageUri)");
        }

        if (location.ZipFile is not null == (location.S3Bucket is not null || location.S3Key is not null))
        {
            throw LambdaErrors.Invalid(
                location.ZipFile is null
                    ? "Please provide a source for function code."
                    : "Please do not provide other FunctionCode parameters when providing a ZipFile."
            );
        }

        if (location.ZipFile?.Length > ZipLimit)
        {
            throw LambdaErrors.TooLarge($"Zipped size must be smaller than {ZipLimit} bytes");
        }

        var zip = location.ZipFile ?? await FromS3(location, caller).ConfigureAwait(false);
        return new FunctionPackage(zip) { UnzippedSize = FunctionCode.Check(zip) };
    }

    private async Task<ReadOnlyMemory<byte>> FromS3(FunctionCodeLocation location, Caller caller)
    {
        if (location.S3Bucket is null || location.S3Key is null)
        {
            throw LambdaErrors.Invalid("Please provide both S3Bucket and S3Key.");
        }

        try
        {
            return await fetch(caller, location.S3Bucket, location.S3Key, location.S3ObjectVersion).ConfigureAwait(false)
                ?? throw Failed("NoSuchKey", "The specified key does not exist.");
        }
        catch (AwsException failure) when (failure.Code.StartsWith("NoSuch", StringComparison.Ordinal))
        {
            throw Failed(failure.Code, failure.Message);
        }
    }

    private static AwsException Failed(string code, string message) =>
        LambdaErrors.Invalid($"Error occurred while GetObject. S3 Error Code: {code}. S3 Error Message: {message}");
}
