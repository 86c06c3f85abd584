using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record GenerateDataKeyPairRequest(
    Dictionary<string, string>? EncryptionContext,
    string? KeyId,
    string? KeyPairSpec,
    IReadOnlyList<string>? GrantTokens,
    bool? DryRun
) : IKeyRequest;

internal sealed record GenerateDataKeyPairResponse(
    byte[] PrivateKeyCiphertextBlob,
    byte[]? PrivateKeyPlaintext,
    byte[] PublicKey,
    string KeyId,
    string KeyPairSpec,
    string? KeyMaterialId
);

/// <summary>A new key pair to use outside of KMS: its private half in the clear and wrapped, or wrapped only.</summary>
internal sealed class GenerateDataKeyPair(Keys keys)
{
    public GenerateDataKeyPairResponse Run(GenerateDataKeyPairRequest request, Caller caller) =>
        Make(request, caller, "GenerateDataKeyPair");

    public GenerateDataKeyPairResponse RunWithoutPlaintext(GenerateDataKeyPairRequest request, Caller caller) =>
        Make(request, caller, "GenerateDataKeyPairWithoutPlaintext") with
        {
            PrivateKeyPlaintext = null,
        };

    private GenerateDataKeyPairResponse Make(GenerateDataKeyPairRequest request, Caller caller, string operation)
    {
        new Checks()
            .Key(request.KeyId)
            .Required("keyPairSpec", request.KeyPairSpec)
            .OneOf("keyPairSpec", KeySpecs.Done(request.KeyPairSpec), KeySpecs.PairSpecs)
            .GrantTokens(request.GrantTokens)
            .Throw();
        var key = Keys.Symmetric(keys.ForUsers(request.KeyId, caller, operation, KeySpecs.EncryptDecrypt));
        if (KeySpecs.Undone.Contains(request.KeyPairSpec!))
        {
            throw AwsException.NotImplemented($"data key pairs of KeyPairSpec {request.KeyPairSpec}");
        }

        if (request.DryRun == true)
        {
            throw KmsErrors.DryRun();
        }

        var (privateKey, publicKey) = KeyPairs.Generate(request.KeyPairSpec!);
        return new(
            keys.Encrypt(key, privateKey, request.EncryptionContext),
            privateKey,
            publicKey,
            key.Arn,
            request.KeyPairSpec!,
            key.CurrentKeyMaterialId
        );
    }
}
