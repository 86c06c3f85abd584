using Disa.Emulator.Aws;

namespace Disa.Emulator.S3;

/// <summary>Storage classes: which there are, and which must be restored before they are read.</summary>
internal static class StorageClasses
{
    public const string Standard = "STANDARD";

    private static readonly string[] Known =
    [
        Standard,
        "REDUCED_REDUNDANCY",
        "STANDARD_IA",
        "ONEZONE_IA",
        "INTELLIGENT_TIERING",
        "GLACIER",
        "DEEP_ARCHIVE",
        "GLACIER_IR",
    ];

    /// <summary>What a request asks for; null for STANDARD.</summary>
    /// <exception cref="AwsException">InvalidStorageClass.</exception>
    public static string? Asked(S3Request request) =>
        request.Header("x-amz-storage-class") switch
        {
            null or Standard => null,
            { } known when Known.Contains(known) => known,
            { } other => throw S3Errors.With(
                "InvalidStorageClass",
                "The storage class you specified is not valid",
                400,
                ("StorageClassRequested", other)
            ),
        };

    public static string Of(ObjectMeta meta) => meta.StorageClass ?? Standard;

    public static bool IsArchive(ObjectMeta meta) => meta.StorageClass is "GLACIER" or "DEEP_ARCHIVE";

    /// <exception cref="AwsException">InvalidObjectState: archived, and no copy is restored.</exception>
    public static void CheckReadable(ObjectMeta meta, DateTimeOffset now)
    {
        if (IsArchive(meta) && !(meta.Restored is { } copy && copy.From <= now && now < copy.Until))
        {
            throw S3Errors.With(
                "InvalidObjectState",
                "The operation is not valid for the object's storage class",
                403,
                ("StorageClass", meta.StorageClass!)
            );
        }
    }

    public static IEnumerable<(string Name, string Value)> Described(ObjectMeta meta, DateTimeOffset now)
    {
        if (meta.StorageClass is { } other)
        {
            yield return ("x-amz-storage-class", other);
        }

        if (meta.Restored is { } copy && now < copy.Until)
        {
            yield return (
                "x-amz-restore",
                now < copy.From ? "ongoing-request=\"true\"" : $"ongoing-request=\"false\", expiry-date=\"{S3Xml.HttpTime(copy.Until)}\""
            );
        }
    }
}
