using System.Security.Cryptography;
using System.Text.Json;
using static Disa.Emulator.Tests.Kms.KmsCalls;

namespace Disa.Emulator.Tests.Kms;

/// <summary>Keys whose user brings the material.</summary>
/// <remarks>"Importing key material for AWS KMS keys" of the developer guide; API reference of ImportKeyMaterial and its relations; "Key states of AWS KMS keys".</remarks>
public sealed class ImportTests : IAsyncLifetime
{
    private const string External = "\"Origin\":\"EXTERNAL\"";
    private const string Forever = "\"ExpirationModel\":\"KEY_MATERIAL_DOES_NOT_EXPIRE\"";
    private static readonly byte[] Material = [.. Enumerable.Range(1, 32).Select(one => (byte)one)];
    private TestCloud cloud = null!;

    public async ValueTask InitializeAsync() => cloud = await TestCloud.Start();

    public async ValueTask DisposeAsync() => await cloud.DisposeAsync();

    [Theory]
    [InlineData("RSAES_OAEP_SHA_1", "RSA_2048")]
    [InlineData("RSAES_OAEP_SHA_256", "RSA_3072")]
    [InlineData("RSA_AES_KEY_WRAP_SHA_1", "RSA_2048")]
    [InlineData("RSA_AES_KEY_WRAP_SHA_256", "RSA_2048")]
    public async Task A_key_waits_for_its_material_and_works_with_it(string algorithm, string wrappingSpec)
    {
        var key = await cloud.Key(External);
        var (id, arn) = (key.Text("KeyId"), key.Text("Arn"));
        Assert.Equal("PendingImport", key.Text("KeyState"));
        Assert.False(key.GetProperty("Enabled").GetBoolean());
        Assert.False(key.TryGetProperty("ExpirationModel", out _));
        Assert.False(key.TryGetProperty("CurrentKeyMaterialId", out _));
        Assert.Equal(
            $"KMSInvalidStateException: {arn} is pending import.",
            await cloud.KmsError("Encrypt", $$"""{"KeyId":"{{id}}","Plaintext":"eA=="}""")
        );
        Assert.Equal($"KMSInvalidStateException: {arn} is pending import.", await cloud.KmsError("EnableKey", $$"""{"KeyId":"{{id}}"}"""));
        Assert.Equal($"KMSInvalidStateException: {arn} is pending import.", await cloud.KmsError("DisableKey", $$"""{"KeyId":"{{id}}"}"""));

        var imported = await Import(id, Material, Forever, algorithm, wrappingSpec);

        var described = await cloud.Describe(id);
        Assert.Equal(arn, imported.Text("KeyId"));
        Assert.Equal("Enabled", described.Text("KeyState"));
        Assert.Equal("EXTERNAL", described.Text("Origin"));
        Assert.Equal("KEY_MATERIAL_DOES_NOT_EXPIRE", described.Text("ExpirationModel"));
        Assert.Equal(imported.Text("KeyMaterialId"), described.Text("CurrentKeyMaterialId"));
        Assert.Equal("x"u8.ToArray(), await Opened(await Sealed(id)));
    }

    [Fact]
    public async Task Material_expires_on_its_day_and_only_the_same_comes_back()
    {
        var id = (await cloud.Key(External)).Text("KeyId");
        var due = cloud.Clock.GetUtcNow().AddDays(10).ToUnixTimeSeconds();
        var first = await Import(id, Material, $"\"ValidTo\":{due}");
        var ciphertext = await Sealed(id);
        var described = await cloud.Describe(id);
        Assert.Equal("KEY_MATERIAL_EXPIRES", described.Text("ExpirationModel"));
        Assert.Equal(due, described.GetProperty("ValidTo").GetDouble());

        await cloud.Cloud.Advance(TimeSpan.FromDays(10.1));

        var expired = await cloud.Describe(id);
        Assert.Equal("PendingImport", expired.Text("KeyState"));
        Assert.False(expired.TryGetProperty("ValidTo", out _));
        Assert.EndsWith("is pending import.", await cloud.KmsError("Decrypt", $$"""{"CiphertextBlob":"{{ciphertext}}"}"""));
        var other = await Assert.ThrowsAsync<TestAwsException>(() => Import(id, new byte[32], Forever));
        Assert.Contains("IncorrectKeyMaterialException", other.Body);
        var again = await Import(id, Material, Forever);
        Assert.Equal(first.Text("KeyMaterialId"), again.Text("KeyMaterialId"));
        Assert.Equal("x"u8.ToArray(), await Opened(ciphertext));
    }

    [Fact]
    public async Task Deleted_material_leaves_the_key_waiting()
    {
        var id = (await cloud.Key(External)).Text("KeyId");
        var imported = await Import(id, Material, Forever);
        var ciphertext = await Sealed(id);

        var deleted = await cloud.Kms("DeleteImportedKeyMaterial", $$"""{"KeyId":"{{id}}"}""");

        Assert.Equal(imported.Text("KeyMaterialId"), deleted.Text("KeyMaterialId"));
        Assert.Equal("PendingImport", (await cloud.Describe(id)).Text("KeyState"));
        Assert.EndsWith("is pending import.", await cloud.KmsError("Decrypt", $$"""{"CiphertextBlob":"{{ciphertext}}"}"""));
        await cloud.Kms("DeleteImportedKeyMaterial", $$"""{"KeyId":"{{id}}"}""");
        await cloud.Kms("ScheduleKeyDeletion", $$"""{"KeyId":"{{id}}"}""");
        Assert.EndsWith("is pending deletion.", await cloud.KmsError("GetParametersForImport", Parameters(id)));
        await cloud.Kms("CancelKeyDeletion", $$"""{"KeyId":"{{id}}"}""");
        Assert.Equal("PendingImport", (await cloud.Describe(id)).Text("KeyState"));
    }

    [Theory]
    [InlineData("HMAC_256", "GENERATE_VERIFY_MAC")]
    [InlineData("ECC_NIST_P256", "SIGN_VERIFY")]
    [InlineData("RSA_2048", "SIGN_VERIFY")]
    public async Task Every_kind_of_key_can_be_brought(string spec, string usage)
    {
        var key = await cloud.Key($"{External},{Spec(spec, usage)}");
        var id = key.Text("KeyId");
        using var rsa = RSA.Create(2048);
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var material = spec switch
        {
            "RSA_2048" => rsa.ExportPkcs8PrivateKey(),
            "ECC_NIST_P256" => ecdsa.ExportPkcs8PrivateKey(),
            _ => Material,
        };

        var imported = await Import(id, material, Forever, "RSA_AES_KEY_WRAP_SHA_256");

        Assert.False(imported.TryGetProperty("KeyMaterialId", out _));
        if (usage == "SIGN_VERIFY")
        {
            Assert.Equal(
                spec == "RSA_2048" ? rsa.ExportSubjectPublicKeyInfo() : ecdsa.ExportSubjectPublicKeyInfo(),
                (await cloud.Kms("GetPublicKey", $$"""{"KeyId":"{{id}}"}""")).Bytes("PublicKey")
            );
        }
        else
        {
            var mac = await cloud.Kms("GenerateMac", $$"""{"KeyId":"{{id}}","Message":"eA==","MacAlgorithm":"HMAC_SHA_256"}""");
            Assert.Equal(HMACSHA256.HashData(Material, "x"u8.ToArray()), mac.Bytes("Mac"));
        }

        var other = await cloud.Key($"{External},{Spec(spec, usage)}");
        var wrong = await Assert.ThrowsAsync<TestAwsException>(() =>
            Import(other.Text("KeyId"), [1, 2, 3], Forever, "RSA_AES_KEY_WRAP_SHA_256")
        );
        Assert.Contains("IncorrectKeyMaterialException", wrong.Body);
    }

    [Fact]
    public async Task New_material_waits_for_a_rotation_on_demand()
    {
        var id = (await cloud.Key(External)).Text("KeyId");
        var first = (await Import(id, Material, Forever)).Text("KeyMaterialId");
        var before = await Sealed(id);
        Assert.StartsWith("KMSInvalidStateException: ", await cloud.KmsError("RotateKeyOnDemand", $$"""{"KeyId":"{{id}}"}"""));

        var second = (
            await Import(id, new byte[32], Forever + ",\"ImportType\":\"NEW_KEY_MATERIAL\",\"KeyMaterialDescription\":\"two\"")
        ).Text("KeyMaterialId");
        Assert.Equal(first, (await cloud.Describe(id)).Text("CurrentKeyMaterialId"));
        Assert.Equal(["CURRENT IMPORTED", "PENDING_ROTATION IMPORTED"], await States(id));

        await cloud.Kms("RotateKeyOnDemand", $$"""{"KeyId":"{{id}}"}""");

        Assert.Equal(second, (await cloud.Describe(id)).Text("CurrentKeyMaterialId"));
        Assert.Equal(["NON_CURRENT IMPORTED", "CURRENT IMPORTED"], await States(id));
        Assert.Equal("x"u8.ToArray(), await Opened(before));
        await cloud.Kms("DeleteImportedKeyMaterial", $$"""{"KeyId":"{{id}}","KeyMaterialId":"{{first}}"}""");
        Assert.Equal(["NON_CURRENT PENDING_IMPORT", "CURRENT IMPORTED"], await States(id));
        Assert.Equal("PendingImport", (await cloud.Describe(id)).Text("KeyState"));
        await Import(id, Material, Forever);
        Assert.Equal("Enabled", (await cloud.Describe(id)).Text("KeyState"));
    }

    [Fact]
    public async Task What_is_wrong_with_an_import_is_told()
    {
        var key = await cloud.Key(External);
        var id = key.Text("KeyId");
        var ours = (await cloud.Key()).Text("Arn");
        var parameters = await cloud.Kms("GetParametersForImport", Parameters(id));
        var other = (await cloud.Key(External)).Text("KeyId");
        string Body(string keyId, string members, string material) =>
            $"{{\"KeyId\":\"{keyId}\",\"ImportToken\":\"{parameters.Text("ImportToken")}\",\"EncryptedKeyMaterial\":\"{material}\",{members}}}";
        var wrapped = Wrapped(parameters, "RSAES_OAEP_SHA_256", Material);
        var past = cloud.Clock.GetUtcNow().AddDays(-1).ToUnixTimeSeconds();
        var far = cloud.Clock.GetUtcNow().AddDays(366).ToUnixTimeSeconds();

        Assert.Equal(
            $"UnsupportedOperationException: {ours} origin is AWS_KMS which is not valid for this operation.",
            await cloud.KmsError("GetParametersForImport", Parameters(ours))
        );
        Assert.Equal(
            $"UnsupportedOperationException: {ours} origin is AWS_KMS which is not valid for this operation.",
            await cloud.KmsError("DeleteImportedKeyMaterial", $$"""{"KeyId":"{{ours}}"}""")
        );
        Assert.Equal(
            $"UnsupportedOperationException: {key.Text("Arn")} origin is EXTERNAL which is not valid for this operation.",
            await cloud.KmsError("EnableKeyRotation", $$"""{"KeyId":"{{id}}"}""")
        );
        Assert.Equal(
            "ValidationException: A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES",
            await cloud.KmsError("ImportKeyMaterial", Body(id, "\"ExpirationModel\":\"KEY_MATERIAL_EXPIRES\"", wrapped))
        );
        Assert.StartsWith("ValidationException: ", await cloud.KmsError("ImportKeyMaterial", Body(id, $"\"ValidTo\":{past}", wrapped)));
        Assert.StartsWith("ValidationException: ", await cloud.KmsError("ImportKeyMaterial", Body(id, $"\"ValidTo\":{far}", wrapped)));
        Assert.StartsWith("InvalidImportTokenException: ", await cloud.KmsError("ImportKeyMaterial", Body(other, Forever, wrapped)));
        Assert.StartsWith("InvalidCiphertextException: ", await cloud.KmsError("ImportKeyMaterial", Body(id, Forever, "eA==")));
        Assert.StartsWith(
            "InvalidImportTokenException: ",
            await cloud.KmsError(
                "ImportKeyMaterial",
                $$"""{"KeyId":"{{id}}","ImportToken":"eA==","EncryptedKeyMaterial":"{{wrapped}}"}""".Replace(
                    "}",
                    "," + Forever + "}",
                    StringComparison.Ordinal
                )
            )
        );
        Assert.Equal(86_400, parameters.GetProperty("ParametersValidTo").GetDouble() - cloud.Clock.GetUtcNow().ToUnixTimeSeconds(), 60d);
        await cloud.Cloud.Advance(TimeSpan.FromHours(25));
        Assert.StartsWith("ExpiredImportTokenException: ", await cloud.KmsError("ImportKeyMaterial", Body(id, Forever, wrapped)));
    }

    private async Task<string> Sealed(string id) =>
        (await cloud.Kms("Encrypt", $$"""{"KeyId":"{{id}}","Plaintext":"eA=="}""")).Text("CiphertextBlob");

    private async Task<byte[]> Opened(string ciphertext) =>
        (await cloud.Kms("Decrypt", $$"""{"CiphertextBlob":"{{ciphertext}}"}""")).Bytes("Plaintext");

    private async Task<string[]> States(string id) =>
        [
            .. (await cloud.Kms("ListKeyRotations", $$"""{"KeyId":"{{id}}","IncludeKeyMaterial":"ALL_KEY_MATERIAL"}"""))
                .GetProperty("Rotations")
                .EnumerateArray()
                .Select(one => $"{one.Text("KeyMaterialState")} {one.Text("ImportState")}"),
        ];

    private Task<JsonElement> Import(
        string id,
        byte[] material,
        string members,
        string algorithm = "RSAES_OAEP_SHA_256",
        string wrappingSpec = "RSA_2048"
    ) => Import(cloud, id, material, members, algorithm, wrappingSpec);

    internal static async Task<JsonElement> Import(
        TestCloud cloud,
        string id,
        byte[] material,
        string members,
        string algorithm = "RSAES_OAEP_SHA_256",
        string wrappingSpec = "RSA_2048"
    )
    {
        var parameters = await cloud.Kms("GetParametersForImport", Parameters(id, algorithm, wrappingSpec));
        return await cloud.Kms(
            "ImportKeyMaterial",
            $"{{\"KeyId\":\"{id}\",\"ImportToken\":\"{parameters.Text("ImportToken")}\",\"EncryptedKeyMaterial\":\"{Wrapped(parameters, algorithm, material)}\",{members}}}"
        );
    }

    private static string Parameters(string id, string algorithm = "RSAES_OAEP_SHA_256", string wrappingSpec = "RSA_2048") =>
        $$"""{"KeyId":"{{id}}","WrappingAlgorithm":"{{algorithm}}","WrappingKeySpec":"{{wrappingSpec}}"}""";

    private static string Wrapped(JsonElement parameters, string algorithm, byte[] material)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(parameters.Bytes("PublicKey"), out _);
        var padding = algorithm.EndsWith("SHA_1", StringComparison.Ordinal)
            ? RSAEncryptionPadding.OaepSHA1
            : RSAEncryptionPadding.OaepSHA256;
        if (algorithm.StartsWith("RSAES", StringComparison.Ordinal))
        {
            return Convert.ToBase64String(rsa.Encrypt(material, padding));
        }

        using var aes = Aes.Create();
        aes.Key = RandomNumberGenerator.GetBytes(32);
        return Convert.ToBase64String([.. rsa.Encrypt(aes.Key, padding), .. aes.EncryptKeyWrapPadded(material)]);
    }
}
