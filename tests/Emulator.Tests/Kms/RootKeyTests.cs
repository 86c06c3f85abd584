using Amazon.KeyManagementService.Model;
using Disa.Emulator.Store;

namespace Disa.Emulator.Tests.Kms;

public sealed class RootKeyTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("disa-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Key_material_survives_a_restart_and_needs_the_root_key()
    {
        var options = new LocalCloudOptions { DataDirectory = directory };
        MemoryStream ciphertext;
        await using (var cloud = await TestCloud.Start(options))
        {
            using var kms = KmsTests.Client(cloud);
            var key = (await kms.CreateKeyAsync(new CreateKeyRequest())).KeyMetadata;
            ciphertext = (
                await kms.EncryptAsync(new EncryptRequest { KeyId = key.KeyId, Plaintext = new MemoryStream([1, 2, 3]) })
            ).CiphertextBlob;
        }

        await using (var cloud = await TestCloud.Start(options))
        {
            using var kms = KmsTests.Client(cloud);
            Assert.Equal([1, 2, 3], (await kms.DecryptAsync(new DecryptRequest { CiphertextBlob = ciphertext })).Plaintext.ToArray());
        }

        var path = Path.Combine(directory, "root.key");
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }

        File.WriteAllBytes(path, new byte[32]);
        await Assert.ThrowsAsync<DataFolderException>(() => TestCloud.Start(options));
        File.Delete(path);
        await Assert.ThrowsAsync<DataFolderException>(() => TestCloud.Start(options));
    }
}
