using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

/// <summary>What cannot be changed of a key once it is made.</summary>
internal sealed record KeyKind(string Spec, string Usage, string Origin, bool MultiRegion)
{
    private const string CustomerMasterKeySpecs =
        "You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.";

    public static readonly KeyKind Usual = new(KeySpecs.Symmetric, KeySpecs.EncryptDecrypt, KmsKey.OriginKms, false);

    /// <exception cref="AwsException">ValidationException; NotImplemented for what KMS has and this emulator has not.</exception>
    public static KeyKind Of(CreateKeyRequest request)
    {
        if (request.KeySpec is not null && request.CustomerMasterKeySpec is not null)
        {
            throw KmsErrors.Invalid(CustomerMasterKeySpecs);
        }

        var spec = request.KeySpec ?? request.CustomerMasterKeySpec ?? KeySpecs.Symmetric;
        CheckDone(spec, request);
        return new(spec, UsageOf(spec, request.KeyUsage), request.Origin ?? KmsKey.OriginKms, request.MultiRegion == true);
    }

    private static void CheckDone(string spec, CreateKeyRequest request)
    {
        if (KeySpecs.Undone.Contains(spec))
        {
            throw AwsException.NotImplemented($"keys of KeySpec {spec}");
        }

        if (request.Origin is not (null or KmsKey.OriginKms or KmsKey.OriginExternal))
        {
            throw AwsException.NotImplemented($"keys of Origin {request.Origin}");
        }

        if (request.CustomKeyStoreId is not null || request.XksKeyId is not null)
        {
            throw AwsException.NotImplemented(
                $"the parameter {(request.CustomKeyStoreId is null ? "XksKeyId" : "CustomKeyStoreId")} of kms:CreateKey"
            );
        }
    }

    private static string UsageOf(string spec, string? usage)
    {
        if (usage is null && spec != KeySpecs.Symmetric)
        {
            throw KmsErrors.Invalid("You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.");
        }

        var wanted = usage ?? KeySpecs.EncryptDecrypt;
        return KeySpecs.Usages(spec).Contains(wanted)
            ? wanted
            : throw KmsErrors.Invalid($"KeyUsage {wanted} is not compatible with KeySpec {spec}");
    }
}
