using System.Text.Json;
using static Disa.Emulator.Tests.Kms.KmsCalls;

namespace Disa.Emulator.Tests.Kms;

/// <summary>Keys of one id in several Regions.</summary>
/// <remarks>"Multi-Region keys in AWS KMS" and "Deleting multi-Region keys" of the developer guide; API reference of ReplicateKey and UpdatePrimaryRegion.</remarks>
public sealed class MultiRegionTests : IAsyncLifetime
{
    private const string MultiRegion = "\"MultiRegion\":true";
    private TestCloud cloud = null!;
    private TestCloud europe = null!;

    public async ValueTask InitializeAsync()
    {
        cloud = await TestCloud.Start();
        europe = cloud.In("eu-west-1");
    }

    public async ValueTask DisposeAsync() => await cloud.DisposeAsync();

    [Fact]
    public async Task A_replica_opens_what_its_primary_sealed()
    {
        var key = await cloud.Key(MultiRegion);
        var (id, arn) = (key.Text("KeyId"), key.Text("Arn"));
        Assert.Matches("^mrk-[0-9a-f]{32}$", id);
        Assert.True(key.GetProperty("MultiRegion").GetBoolean());
        Assert.Equal($$"""PRIMARY us-east-1 []""", Configuration(key));

        var made = await cloud.Kms(
            "ReplicateKey",
            $$"""{"KeyId":"{{id}}","ReplicaRegion":"eu-west-1","Description":"r","Tags":[{"TagKey":"a","TagValue":"b"}]}"""
        );
        var metadata = made.GetProperty("ReplicaKeyMetadata");
        Assert.Equal("Creating", metadata.Text("KeyState"));
        Assert.Equal(arn.Replace("us-east-1", "eu-west-1", StringComparison.Ordinal), metadata.Text("Arn"));
        Assert.Equal("REPLICA us-east-1 [eu-west-1]", Configuration(metadata));
        Assert.Contains("key-default-1", made.Text("ReplicaPolicy"), StringComparison.Ordinal);
        Assert.Equal("b", Assert.Single(made.GetProperty("ReplicaTags").EnumerateArray()).Text("TagValue"));
        Assert.EndsWith("is creating.", await europe.KmsError("Encrypt", $$"""{"KeyId":"{{id}}","Plaintext":"eA=="}"""));

        await cloud.Cloud.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("Enabled", (await europe.Describe(id)).Text("KeyState"));
        Assert.Equal("r", (await europe.Describe(id)).Text("Description"));
        Assert.Equal("PRIMARY us-east-1 [eu-west-1]", Configuration(await cloud.Describe(id)));
        var ciphertext = (await cloud.Kms("Encrypt", $$"""{"KeyId":"{{id}}","Plaintext":"eA=="}""")).Text("CiphertextBlob");
        var opened = await europe.Kms("Decrypt", $$"""{"CiphertextBlob":"{{ciphertext}}"}""");
        Assert.Equal("x"u8.ToArray(), opened.Bytes("Plaintext"));
        Assert.Equal(metadata.Text("Arn"), opened.Text("KeyId"));
    }

    [Fact]
    public async Task A_replica_signs_as_its_primary_does()
    {
        var id = await Replicated(MultiRegion + "," + Spec("ECC_NIST_P256", "SIGN_VERIFY"));
        const string message = "\"Message\":\"eA==\",\"SigningAlgorithm\":\"ECDSA_SHA_256\"";

        var signed = await europe.Kms("Sign", $"{{\"KeyId\":\"{id}\",{message}}}");

        var verified = await cloud.Kms("Verify", $"{{\"KeyId\":\"{id}\",{message},\"Signature\":\"{signed.Text("Signature")}\"}}");
        Assert.True(verified.GetProperty("SignatureValid").GetBoolean());
    }

    [Fact]
    public async Task Only_the_primary_is_replicated_once_to_each_Region()
    {
        var single = (await cloud.Key()).Text("Arn");
        var id = await Replicated(MultiRegion);
        var replica = (await europe.Describe(id)).Text("Arn");

        Assert.Equal(
            $"UnsupportedOperationException: {single} is not a multi-region primary key.",
            await cloud.KmsError("ReplicateKey", $$"""{"KeyId":"{{single}}","ReplicaRegion":"eu-west-1"}""")
        );
        Assert.Equal(
            $"UnsupportedOperationException: {replica} is not a multi-region primary key.",
            await europe.KmsError("ReplicateKey", $$"""{"KeyId":"{{id}}","ReplicaRegion":"eu-west-2"}""")
        );
        Assert.StartsWith(
            "AlreadyExistsException: ",
            await cloud.KmsError("ReplicateKey", $$"""{"KeyId":"{{id}}","ReplicaRegion":"eu-west-1"}""")
        );
        Assert.Equal(
            "ValidationException: 1 validation error detected: Value 'here' at 'replicaRegion' failed to satisfy constraint: Member must satisfy regular expression pattern: ^([a-z]+-){2,3}\\d+$",
            await cloud.KmsError("ReplicateKey", $$"""{"KeyId":"{{id}}","ReplicaRegion":"here"}""")
        );
        await cloud.Kms("DisableKey", $$"""{"KeyId":"{{id}}"}""");
        Assert.EndsWith("is disabled.", await cloud.KmsError("ReplicateKey", $$"""{"KeyId":"{{id}}","ReplicaRegion":"eu-west-2"}"""));
        Assert.Equal("Enabled", (await europe.Describe(id)).Text("KeyState"));
    }

    [Fact]
    public async Task Another_Region_becomes_the_primary()
    {
        var id = await Replicated(MultiRegion);

        await cloud.Kms("UpdatePrimaryRegion", $$"""{"KeyId":"{{id}}","PrimaryRegion":"eu-west-1"}""");

        Assert.Equal("Updating", (await cloud.Describe(id)).Text("KeyState"));
        Assert.EndsWith("is updating.", await cloud.KmsError("DisableKey", $$"""{"KeyId":"{{id}}"}"""));
        await cloud.Kms("Encrypt", $$"""{"KeyId":"{{id}}","Plaintext":"eA=="}""");
        await cloud.Cloud.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("Enabled", (await cloud.Describe(id)).Text("KeyState"));
        Assert.Equal("REPLICA eu-west-1 [us-east-1]", Configuration(await cloud.Describe(id)));
        Assert.Equal("PRIMARY eu-west-1 [us-east-1]", Configuration(await europe.Describe(id)));
        Assert.EndsWith(
            "is not a multi-region primary key.",
            await cloud.KmsError("UpdatePrimaryRegion", $$"""{"KeyId":"{{id}}","PrimaryRegion":"eu-west-1"}""")
        );
        Assert.StartsWith(
            "NotFoundException: ",
            await europe.KmsError("UpdatePrimaryRegion", $$"""{"KeyId":"{{id}}","PrimaryRegion":"eu-west-2"}""")
        );
    }

    [Fact]
    public async Task A_disabled_key_stays_so_while_its_primary_Region_changes()
    {
        var id = await Replicated(MultiRegion);
        await cloud.Kms("DisableKey", $$"""{"KeyId":"{{id}}"}""");

        await cloud.Kms("UpdatePrimaryRegion", $$"""{"KeyId":"{{id}}","PrimaryRegion":"eu-west-1"}""");

        Assert.EndsWith("is disabled.", await cloud.KmsError("Encrypt", $$"""{"KeyId":"{{id}}","Plaintext":"eA=="}"""));
        await europe.Kms("Encrypt", $$"""{"KeyId":"{{id}}","Plaintext":"eA=="}""");
        await cloud.Cloud.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("Disabled", (await cloud.Describe(id)).Text("KeyState"));
    }

    [Fact]
    public async Task A_primary_waits_for_the_deletion_of_its_replicas()
    {
        var id = await Replicated(MultiRegion);
        await cloud.Kms("CreateAlias", $$"""{"AliasName":"alias/a","TargetKeyId":"{{id}}"}""");

        var scheduled = await cloud.Kms("ScheduleKeyDeletion", $$"""{"KeyId":"{{id}}","PendingWindowInDays":7}""");

        Assert.Equal("PendingReplicaDeletion", scheduled.Text("KeyState"));
        Assert.False(scheduled.TryGetProperty("DeletionDate", out _));
        var described = await cloud.Describe(id);
        Assert.Equal(7, described.GetProperty("PendingDeletionWindowInDays").GetInt32());
        Assert.False(described.TryGetProperty("DeletionDate", out _));
        Assert.StartsWith("KMSInvalidStateException: ", await cloud.KmsError("Encrypt", $$"""{"KeyId":"{{id}}","Plaintext":"eA=="}"""));
        await cloud.Cloud.Advance(TimeSpan.FromDays(40));
        Assert.Equal("PendingReplicaDeletion", (await cloud.Describe(id)).Text("KeyState"));

        await europe.Kms("ScheduleKeyDeletion", $$"""{"KeyId":"{{id}}","PendingWindowInDays":7}""");
        await cloud.Cloud.Advance(TimeSpan.FromDays(7.1));
        Assert.StartsWith("NotFoundException: ", await europe.KmsError("DescribeKey", $$"""{"KeyId":"{{id}}"}"""));
        described = await cloud.Describe(id);
        Assert.Equal("PendingDeletion", described.Text("KeyState"));
        Assert.True(described.TryGetProperty("DeletionDate", out _));
        Assert.Equal("PRIMARY us-east-1 []", Configuration(described));
        await cloud.Cloud.Advance(TimeSpan.FromDays(7.1));
        Assert.StartsWith("NotFoundException: ", await cloud.KmsError("DescribeKey", $$"""{"KeyId":"{{id}}"}"""));
    }

    [Fact]
    public async Task Rotation_is_the_primarys_and_reaches_every_replica()
    {
        var id = await Replicated(MultiRegion);
        Assert.StartsWith("UnsupportedOperationException: ", await europe.KmsError("EnableKeyRotation", $$"""{"KeyId":"{{id}}"}"""));
        Assert.StartsWith("UnsupportedOperationException: ", await europe.KmsError("RotateKeyOnDemand", $$"""{"KeyId":"{{id}}"}"""));

        await cloud.Kms("EnableKeyRotation", $$"""{"KeyId":"{{id}}","RotationPeriodInDays":90}""");
        Assert.True((await europe.Kms("GetKeyRotationStatus", $$"""{"KeyId":"{{id}}"}""")).GetProperty("KeyRotationEnabled").GetBoolean());
        await cloud.Cloud.Advance(TimeSpan.FromDays(91));
        await cloud.Kms("RotateKeyOnDemand", $$"""{"KeyId":"{{id}}"}""");

        var rotations = (await europe.Kms("ListKeyRotations", $$"""{"KeyId":"{{id}}"}""")).GetProperty("Rotations");
        Assert.Equal(["AUTOMATIC", "ON_DEMAND"], rotations.EnumerateArray().Select(one => one.Text("RotationType")));
        Assert.Equal((await cloud.Describe(id)).Text("CurrentKeyMaterialId"), (await europe.Describe(id)).Text("CurrentKeyMaterialId"));
        var ciphertext = (await cloud.Kms("Encrypt", $$"""{"KeyId":"{{id}}","Plaintext":"eA=="}""")).Text("CiphertextBlob");
        Assert.Equal("x"u8.ToArray(), (await europe.Kms("Decrypt", $$"""{"CiphertextBlob":"{{ciphertext}}"}""")).Bytes("Plaintext"));
    }

    [Fact]
    public async Task Imported_material_is_brought_to_each_Region()
    {
        const string forever = "\"ExpirationModel\":\"KEY_MATERIAL_DOES_NOT_EXPIRE\"";
        const string anew = forever + ",\"ImportType\":\"NEW_KEY_MATERIAL\"";
        byte[] first = new byte[32],
            second = [1, .. new byte[31]];
        var id = (await cloud.Key(MultiRegion + ",\"Origin\":\"EXTERNAL\"")).Text("KeyId");
        await ImportTests.Import(cloud, id, first, forever);
        await cloud.Kms("ReplicateKey", $$"""{"KeyId":"{{id}}","ReplicaRegion":"eu-west-1"}""");
        await cloud.Cloud.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("PendingImport", (await europe.Describe(id)).Text("KeyState"));
        await Assert.ThrowsAsync<TestAwsException>(() => ImportTests.Import(europe, id, second, forever));

        await ImportTests.Import(europe, id, first, forever);
        await ImportTests.Import(cloud, id, second, anew);
        Assert.Equal("PENDING_MULTI_REGION_IMPORT_AND_ROTATION", await LastState(cloud, id));
        Assert.StartsWith("KMSInvalidStateException: ", await cloud.KmsError("RotateKeyOnDemand", $$"""{"KeyId":"{{id}}"}"""));
        await ImportTests.Import(europe, id, second, forever);
        Assert.Equal("PENDING_ROTATION", await LastState(cloud, id));
        await cloud.Kms("RotateKeyOnDemand", $$"""{"KeyId":"{{id}}"}""");

        Assert.Equal("CURRENT", await LastState(europe, id));
        var ciphertext = (await cloud.Kms("Encrypt", $$"""{"KeyId":"{{id}}","Plaintext":"eA=="}""")).Text("CiphertextBlob");
        Assert.Equal("x"u8.ToArray(), (await europe.Kms("Decrypt", $$"""{"CiphertextBlob":"{{ciphertext}}"}""")).Bytes("Plaintext"));
    }

    private static async Task<string> LastState(TestCloud at, string id) =>
        (await at.Kms("ListKeyRotations", $$"""{"KeyId":"{{id}}","IncludeKeyMaterial":"ALL_KEY_MATERIAL"}"""))
            .GetProperty("Rotations")
            .EnumerateArray()
            .Last()
            .Text("KeyMaterialState");

    /// <summary>The id of a key with a replica in eu-west-1, ready for use.</summary>
    private async Task<string> Replicated(string members)
    {
        var id = (await cloud.Key(members)).Text("KeyId");
        await cloud.Kms("ReplicateKey", $$"""{"KeyId":"{{id}}","ReplicaRegion":"eu-west-1"}""");
        await cloud.Cloud.Advance(TimeSpan.FromSeconds(5));
        return id;
    }

    private static string Configuration(JsonElement key)
    {
        var configuration = key.GetProperty("MultiRegionConfiguration");
        var replicas = configuration.GetProperty("ReplicaKeys").EnumerateArray().Select(one => one.Text("Region"));
        return $"{configuration.Text("MultiRegionKeyType")} {configuration.GetProperty("PrimaryKey").Text("Region")} [{string.Join(' ', replicas)}]";
    }
}
