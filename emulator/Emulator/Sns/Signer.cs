using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.Sns;

/// <summary>Signs notifications. The private key lives as long as the process; every certificate is kept, so that older signatures can be checked.</summary>
internal sealed class Signer(Database database, Clock clock) : IDisposable
{
    private static readonly Scope Everywhere = new("", "");

    private readonly Shelf<SigningCertificate> certificates = new(database, "sns.certificate", SnsDocuments.Default.SigningCertificate);
    private readonly SemaphoreSlim making = new(1);
    private RSA? key;
    private string? name;

    /// <param name="version">1 is SHA1withRSA, 2 is SHA256withRSA.</param>
    public async Task<(string Signature, string CertificateName)> Sign(string text, string version)
    {
        await making.WaitAsync().ConfigureAwait(false);
        try
        {
            if (key is null)
            {
                await Make().ConfigureAwait(false);
            }

            var signature = key!.SignData(
                Encoding.UTF8.GetBytes(text),
                version == "2" ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1,
                RSASignaturePadding.Pkcs1
            );
            return (Convert.ToBase64String(signature), name!);
        }
        finally
        {
            making.Release();
        }
    }

    public string? Certificate(string certificateName) => certificates.Get(Everywhere, certificateName)?.Pem;

    public void Dispose()
    {
        key?.Dispose();
        making.Dispose();
    }

    private async Task Make()
    {
        var made = RSA.Create(2048);
        var now = clock.GetUtcNow();
        using var certificate = new CertificateRequest(
            "CN=sns.amazonaws.com, O=Disa emulator",
            made,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        ).CreateSelfSigned(now.AddDays(-1), now.AddYears(10));
        var madeName = $"SimpleNotificationService-{certificate.Thumbprint.ToLowerInvariant()}.pem";
        var pem = certificate.ExportCertificatePem();
        await database
            .Write(transaction => certificates.Put(transaction, Everywhere, madeName, new SigningCertificate(pem)))
            .ConfigureAwait(false);
        (key, name) = (made, madeName);
    }
}

internal sealed record SigningCertificate(string Pem);
