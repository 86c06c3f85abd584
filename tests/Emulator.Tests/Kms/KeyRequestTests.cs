using static Disa.Emulator.Tests.Kms.KmsCalls;

namespace Disa.Emulator.Tests.Kms;

/// <summary>What is checked of requests about keys of any kind.</summary>
/// <remarks>API reference of each operation: its members' lengths, patterns and limits.</remarks>
public sealed class KeyRequestTests
{
    private const string Least = "failed to satisfy constraint: Member must have length greater than or equal to 1";

    [Theory]
    [InlineData("DescribeKey", """{"KeyId":""}""", "ValidationException: 1 validation error detected: Value '' at 'keyId' " + Least)]
    [InlineData("EnableKey", """{"KeyId":""}""", "ValidationException: 1 validation error detected: Value '' at 'keyId' " + Least)]
    [InlineData(
        "ListKeyRotations",
        """{"KeyId":"ID","IncludeKeyMaterial":"SOME"}""",
        "ValidationException: 1 validation error detected: Value 'SOME' at 'includeKeyMaterial' failed to satisfy constraint: Member must satisfy enum value set: [ALL_KEY_MATERIAL, ROTATIONS_ONLY]"
    )]
    [InlineData(
        "GenerateDataKey",
        """{"KeyId":"ID","KeySpec":"AES_512"}""",
        "ValidationException: 1 validation error detected: Value 'AES_512' at 'keySpec' failed to satisfy constraint: Member must satisfy enum value set: [AES_256, AES_128]"
    )]
    [InlineData(
        "CreateGrant",
        """{"KeyId":"ID","GranteePrincipal":"arn:aws:iam::000000000000:root","Operations":["Decrypt"],"Name":"a b"}""",
        "ValidationException: 1 validation error detected: Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$"
    )]
    [InlineData(
        "CreateGrant",
        """{"KeyId":"ID"}""",
        "ValidationException: 2 validation errors detected: Value null at 'granteePrincipal' failed to satisfy constraint: Member must not be null; "
            + "Value null at 'operations' failed to satisfy constraint: Member must not be null"
    )]
    [InlineData(
        "ListRetirableGrants",
        "{}",
        "ValidationException: 1 validation error detected: Value null at 'retiringPrincipal' failed to satisfy constraint: Member must not be null"
    )]
    [InlineData(
        "CreateAlias",
        """{"AliasName":"alias/b","TargetKeyId":"alias/a"}""",
        "ValidationException: Aliases must refer to keys. Not aliases"
    )]
    [InlineData(
        "UpdateAlias",
        """{"AliasName":"alias/a","TargetKeyId":"alias/a"}""",
        "ValidationException: Aliases must refer to keys. Not aliases"
    )]
    [InlineData(
        "ListKeyPolicies",
        """{"KeyId":"ID","Limit":1001}""",
        "ValidationException: 1 validation error detected: Value '1001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 1000"
    )]
    [InlineData(
        "GetKeyPolicy",
        """{"KeyId":"ID","PolicyName":"a-b"}""",
        "ValidationException: 1 validation error detected: Value 'a-b' at 'policyName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w]+"
    )]
    public async Task A_request_is_checked(string operation, string body, string expected)
    {
        await using var cloud = await TestCloud.Start();
        var id = (await cloud.Key()).Text("KeyId");
        await cloud.Kms("CreateAlias", $$"""{"AliasName":"alias/a","TargetKeyId":"{{id}}"}""");

        Assert.Equal(expected, await cloud.KmsError(operation, body.Replace("\"ID\"", $"\"{id}\"", StringComparison.Ordinal)));
    }

    /// <summary>"The current and new KMS key must be the same type and must have the same key usage": API reference of UpdateAlias.</summary>
    [Fact]
    public async Task An_alias_keeps_the_kind_of_its_key()
    {
        await using var cloud = await TestCloud.Start();
        var one = (await cloud.Key(Spec("ECC_NIST_P256", "SIGN_VERIFY"))).Text("KeyId");
        var same = (await cloud.Key(Spec("ECC_NIST_P384", "SIGN_VERIFY"))).Text("KeyId");
        await cloud.Kms("CreateAlias", $$"""{"AliasName":"alias/a","TargetKeyId":"{{one}}"}""");
        string Update(string target) => $$"""{"AliasName":"alias/a","TargetKeyId":"{{target}}"}""";

        await cloud.Kms("UpdateAlias", Update(same));
        foreach (var members in (string[])["", Spec("ECC_NIST_P256", "KEY_AGREEMENT"), Spec("HMAC_256", "GENERATE_VERIFY_MAC")])
        {
            Assert.StartsWith(
                "ValidationException: ",
                await cloud.KmsError("UpdateAlias", Update((await cloud.Key(members)).Text("KeyId"))),
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task Rotations_name_their_material()
    {
        await using var cloud = await TestCloud.Start();
        var key = await cloud.Key();
        var body = $$"""{"KeyId":"{{key.Text("KeyId")}}"}""";
        await cloud.Kms("RotateKeyOnDemand", body);

        var rotation = Assert.Single((await cloud.Kms("ListKeyRotations", body)).GetProperty("Rotations").EnumerateArray());
        Assert.Equal("CURRENT", rotation.Text("KeyMaterialState"));
        Assert.Equal((await cloud.Describe(key.Text("KeyId"))).Text("CurrentKeyMaterialId"), rotation.Text("KeyMaterialId"));
        Assert.False(rotation.TryGetProperty("ImportState", out _));

        var all = (
            await cloud.Kms("ListKeyRotations", $$"""{"KeyId":"{{key.Text("KeyId")}}","IncludeKeyMaterial":"ALL_KEY_MATERIAL"}""")
        ).GetProperty("Rotations");
        Assert.Equal(["NON_CURRENT", "CURRENT"], all.EnumerateArray().Select(one => one.Text("KeyMaterialState")));
        Assert.False(all[0].TryGetProperty("RotationDate", out _));
    }

    [Theory]
    [InlineData("ConnectCustomKeyStore", """{"CustomKeyStoreId":"cks-1"}""")]
    [InlineData("CreateCustomKeyStore", """{"CustomKeyStoreName":"s"}""")]
    [InlineData("DeleteCustomKeyStore", """{"CustomKeyStoreId":"cks-1"}""")]
    [InlineData("DescribeCustomKeyStores", "{}")]
    [InlineData("DisconnectCustomKeyStore", """{"CustomKeyStoreId":"cks-1"}""")]
    [InlineData("UpdateCustomKeyStore", """{"CustomKeyStoreId":"cks-1"}""")]
    [InlineData("GetKeyLastUsage", """{"KeyId":"k"}""")]
    public async Task What_is_not_done_is_refused_by_name(string operation, string body)
    {
        await using var cloud = await TestCloud.Start();

        Assert.Equal($"NotImplemented: The Disa emulator does not support kms:{operation}.", await cloud.KmsError(operation, body));
    }
}
