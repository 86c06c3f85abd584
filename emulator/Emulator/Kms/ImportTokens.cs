using System.Security.Cryptography;
using System.Text.Json;

namespace Disa.Emulator.Kms;

/// <summary>What an import token says: which key it is for, and the private half that opens what was wrapped.</summary>
/// <param name="PrivateKey">PKCS #8.</param>
internal sealed record ImportToken(string KeyId, string WrappingAlgorithm, DateTimeOffset ValidTo, byte[] PrivateKey);

/// <summary>Import tokens carry all that the import needs, sealed: nothing is kept of them.</summary>
/// <param name="key">32 bytes that nothing else is sealed with.</param>
internal sealed class ImportTokens(byte[] key)
{
    public byte[] Seal(ImportToken token) =>
        Sealing.Seal(key, JsonSerializer.SerializeToUtf8Bytes(token, KmsDocuments.Default.ImportToken), default);

    /// <summary>Null if this KMS did not issue the token.</summary>
    public ImportToken? Open(byte[] token)
    {
        try
        {
            return JsonSerializer.Deserialize(Sealing.Open(key, token, default), KmsDocuments.Default.ImportToken);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
