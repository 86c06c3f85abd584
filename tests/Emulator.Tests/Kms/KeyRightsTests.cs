using System.Text.Json;
using System.Xml.Linq;
using static Disa.Emulator.Tests.Kms.KmsCalls;

namespace Disa.Emulator.Tests.Kms;

/// <summary>Who may do what with which key: conditions of key policies, and grants.</summary>
/// <remarks>"Condition keys for AWS KMS" and "Grants in AWS KMS" of the developer guide.</remarks>
public sealed class KeyRightsTests : IAsyncLifetime
{
    private const string User = "arn:aws:iam::000000000000:user/me";
    private const string Sign = "\"KeySpec\":\"ECC_NIST_P256\",\"KeyUsage\":\"SIGN_VERIFY\"";
    private const string Mac = "\"KeySpec\":\"HMAC_256\",\"KeyUsage\":\"GENERATE_VERIFY_MAC\"";
    private const string Rsa = "\"KeySpec\":\"RSA_2048\",\"KeyUsage\":\"ENCRYPT_DECRYPT\"";
    private TestCloud cloud = null!;
    private string accessKey = "";

    public async ValueTask InitializeAsync()
    {
        cloud = await TestCloud.StartEnforcing();
        await Iam("CreateUser", ("UserName", "me"));
        var key = XElement.Parse(await Iam("CreateAccessKey", ("UserName", "me")));
        accessKey = Text(key, "AccessKeyId");
        cloud.Secrets[accessKey] = Text(key, "SecretAccessKey");
    }

    public async ValueTask DisposeAsync() => await cloud.DisposeAsync();

    [Theory]
    [InlineData(
        Sign,
        "Sign",
        "StringEquals kms:MessageType RAW",
        """{"KeyId":"ID","Message":"eA==","SigningAlgorithm":"ECDSA_SHA_256"}""",
        """{"KeyId":"ID","Message":"LfG3/VH6GY1iI5CVVTQ/Ud70FEKSTCLl0aPPKh5lZUQ=","MessageType":"DIGEST","SigningAlgorithm":"ECDSA_SHA_256"}"""
    )]
    [InlineData(
        Sign,
        "Sign",
        "StringEquals kms:SigningAlgorithm ECDSA_SHA_256",
        """{"KeyId":"ID","Message":"eA==","SigningAlgorithm":"ECDSA_SHA_256"}""",
        """{"KeyId":"ID","Message":"eA==","SigningAlgorithm":"ECDSA_SHA_384"}"""
    )]
    [InlineData(
        Mac,
        "GenerateMac",
        "StringEquals kms:MacAlgorithm HMAC_SHA_256",
        """{"KeyId":"ID","Message":"eA==","MacAlgorithm":"HMAC_SHA_256"}""",
        """{"KeyId":"ID","Message":"eA==","MacAlgorithm":"HMAC_SHA_512"}"""
    )]
    [InlineData(
        Rsa,
        "Encrypt",
        "StringEquals kms:EncryptionAlgorithm RSAES_OAEP_SHA_256",
        """{"KeyId":"ID","Plaintext":"eA==","EncryptionAlgorithm":"RSAES_OAEP_SHA_256"}""",
        """{"KeyId":"ID","Plaintext":"eA==","EncryptionAlgorithm":"RSAES_OAEP_SHA_1"}"""
    )]
    [InlineData(
        "",
        "GenerateDataKeyPair",
        "StringEquals kms:DataKeyPairSpec ECC_NIST_P256",
        """{"KeyId":"ID","KeyPairSpec":"ECC_NIST_P256"}""",
        """{"KeyId":"ID","KeyPairSpec":"ECC_NIST_P384"}"""
    )]
    [InlineData(
        "",
        "Encrypt",
        "StringEquals kms:RequestAlias alias/a",
        """{"KeyId":"alias/a","Plaintext":"eA=="}""",
        """{"KeyId":"ID","Plaintext":"eA=="}"""
    )]
    [InlineData(
        "",
        "ScheduleKeyDeletion",
        "NumericGreaterThanEquals kms:ScheduleKeyDeletionPendingWindowInDays 20",
        """{"KeyId":"ID","PendingWindowInDays":20}""",
        """{"KeyId":"ID","PendingWindowInDays":19}"""
    )]
    [InlineData(
        "",
        "EnableKeyRotation",
        "NumericLessThanEquals kms:RotationPeriodInDays 180",
        """{"KeyId":"ID","RotationPeriodInDays":180}""",
        """{"KeyId":"ID","RotationPeriodInDays":181}"""
    )]
    [InlineData(
        "\"Origin\":\"EXTERNAL\"",
        "GetParametersForImport",
        "StringEquals kms:WrappingAlgorithm RSAES_OAEP_SHA_256",
        """{"KeyId":"ID","WrappingAlgorithm":"RSAES_OAEP_SHA_256","WrappingKeySpec":"RSA_2048"}""",
        """{"KeyId":"ID","WrappingAlgorithm":"RSAES_OAEP_SHA_1","WrappingKeySpec":"RSA_2048"}"""
    )]
    [InlineData(
        "",
        "CreateGrant",
        "StringEquals kms:GrantConstraintType EncryptionContextEquals",
        """{"KeyId":"ID","GranteePrincipal":"arn:aws:iam::000000000000:root","Operations":["Decrypt"],"Constraints":{"EncryptionContextEquals":{"a":"b"}}}""",
        """{"KeyId":"ID","GranteePrincipal":"arn:aws:iam::000000000000:root","Operations":["Decrypt"],"Constraints":{"EncryptionContextSubset":{"a":"b"}}}"""
    )]
    public async Task A_condition_is_asked_of_the_request(string members, string action, string condition, string allowed, string denied)
    {
        var id = await KeyFor(members, action, condition);

        var refused = await Assert.ThrowsAsync<TestAwsException>(() => AsUser(action, denied, id));
        Assert.Contains($"is not authorized to perform: kms:{action} on resource", refused.Body);
        await AsUser(action, allowed, id);
    }

    [Theory]
    [InlineData(Sign, "StringEquals kms:KeySpec ECC_NIST_P256", true)]
    [InlineData(Sign, "StringEquals kms:KeyUsage ENCRYPT_DECRYPT", false)]
    [InlineData("", "StringEquals kms:KeyOrigin AWS_KMS", true)]
    [InlineData("\"MultiRegion\":true", "Bool kms:MultiRegion true", true)]
    [InlineData("\"MultiRegion\":true", "StringEquals kms:MultiRegionKeyType REPLICA", false)]
    [InlineData("", "Null kms:MultiRegionKeyType true", true)]
    [InlineData("", "Null kms:SigningAlgorithm true", true)]
    public async Task A_condition_is_asked_of_the_key(string members, string condition, bool may)
    {
        var id = await KeyFor(members, "DescribeKey", condition);

        var asked = AsUser("DescribeKey", """{"KeyId":"ID"}""", id);
        if (may)
        {
            await asked;
        }
        else
        {
            Assert.Contains("kms:DescribeKey", (await Assert.ThrowsAsync<TestAwsException>(() => asked)).Body);
        }
    }

    [Fact]
    public async Task A_grant_lets_its_grantee_sign_and_retire()
    {
        var key = await cloud.Key(Sign);
        var id = key.Text("KeyId");
        const string sign = """{"KeyId":"ID","Message":"eA==","SigningAlgorithm":"ECDSA_SHA_256"}""";
        await Assert.ThrowsAsync<TestAwsException>(() => AsUser("Sign", sign, id));

        var grant = await cloud.Kms(
            "CreateGrant",
            $$"""{"KeyId":"{{id}}","GranteePrincipal":"{{User}}","RetiringPrincipal":"{{User}}","Operations":["Sign","GetPublicKey"]}"""
        );

        await AsUser("Sign", sign, id);
        await AsUser("GetPublicKey", """{"KeyId":"ID"}""", id);
        await Assert.ThrowsAsync<TestAwsException>(() =>
            AsUser("Verify", """{"KeyId":"ID","Message":"eA==","Signature":"eA==","SigningAlgorithm":"ECDSA_SHA_256"}""", id)
        );
        var listed = await cloud.Kms("ListRetirableGrants", $$"""{"RetiringPrincipal":"{{User}}"}""");
        var entry = Assert.Single(listed.GetProperty("Grants").EnumerateArray());
        Assert.Equal(grant.Text("GrantId"), entry.Text("GrantId"));
        Assert.Equal(key.Text("Arn"), entry.Text("KeyId"));
        await AsUser("RetireGrant", $$"""{"GrantToken":"{{grant.Text("GrantToken")}}"}""", id);
        listed = await cloud.Kms("ListRetirableGrants", $$"""{"RetiringPrincipal":"{{User}}"}""");
        Assert.Empty(listed.GetProperty("Grants").EnumerateArray());
        await Assert.ThrowsAsync<TestAwsException>(() => AsUser("Sign", sign, id));
    }

    [Theory]
    [InlineData("", """ "Operations":["Sign"] """)]
    [InlineData(Sign, """ "Operations":["GenerateDataKey"] """)]
    [InlineData(Sign, """ "Operations":["Decrypt"] """)]
    [InlineData(Mac, """ "Operations":["GetPublicKey"] """)]
    [InlineData(Sign, """ "Operations":["Sign"],"Constraints":{"EncryptionContextEquals":{"a":"b"}} """)]
    public async Task A_grant_is_for_what_the_key_can(string members, string wanted)
    {
        var id = (await cloud.Key(members)).Text("KeyId");

        Assert.StartsWith(
            "ValidationException: ",
            await cloud.KmsError("CreateGrant", $$"""{"KeyId":"{{id}}","GranteePrincipal":"{{User}}",{{wanted}} }"""),
            StringComparison.Ordinal
        );
    }

    /// <summary>"Grants with grant constraints can include the DescribeKey and RetireGrant operations, but the constraint doesn't apply": CreateGrant.</summary>
    [Fact]
    public async Task A_constraint_is_asked_of_encryption_only()
    {
        var id = (await cloud.Key()).Text("KeyId");
        await cloud.Kms(
            "CreateGrant",
            $$"""{"KeyId":"{{id}}","GranteePrincipal":"{{User}}","Operations":["Encrypt","DescribeKey"],"Constraints":{"EncryptionContextEquals":{"a":"b"} } }"""
        );

        await AsUser("DescribeKey", """{"KeyId":"ID"}""", id);
        await AsUser("Encrypt", """{"KeyId":"ID","Plaintext":"eA==","EncryptionContext":{"a":"b"}}""", id);
        await Assert.ThrowsAsync<TestAwsException>(() => AsUser("Encrypt", """{"KeyId":"ID","Plaintext":"eA=="}""", id));
    }

    [Fact]
    public async Task Who_replicates_needs_the_right_to_make_keys_too()
    {
        var id = await KeyFor("\"MultiRegion\":true", "ReplicateKey", "StringEquals kms:ReplicaRegion eu-west-1");
        const string body = """{"KeyId":"ID","ReplicaRegion":"eu-west-1"}""";

        Assert.Contains("kms:CreateKey", (await Assert.ThrowsAsync<TestAwsException>(() => AsUser("ReplicateKey", body, id))).Body);
        await Iam(
            "PutUserPolicy",
            ("UserName", "me"),
            ("PolicyName", "p"),
            ("PolicyDocument", """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"kms:CreateKey","Resource":"*"}}""")
        );
        await AsUser("ReplicateKey", body, id);
    }

    /// <summary>A key with an alias whose policy lets the user do one thing under a condition: operator, key and value.</summary>
    private async Task<string> KeyFor(string members, string action, string condition)
    {
        var words = condition.Split(' ');
        var policy =
            """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:root"},"Action":"kms:*","Resource":"*"},"""
            + $$"""{"Effect":"Allow","Principal":{"AWS":"{{User}}"},"Action":"kms:{{action}}","Resource":"*","Condition":{"{{words[0]}}":{"{{words[1]}}":"{{words[2]}}"} } }]}""";
        var text = $"\"Policy\":\"{JsonEncodedText.Encode(policy)}\"";
        var id = (await cloud.Key(members.Length == 0 ? text : $"{members},{text}")).Text("KeyId");
        await cloud.Kms("CreateAlias", $$"""{"AliasName":"alias/a","TargetKeyId":"{{id}}"}""");
        return id;
    }

    private Task<JsonElement> AsUser(string operation, string body, string id) =>
        cloud.Json("kms", "TrentService." + operation, body.Replace("\"ID\"", $"\"{id}\"", StringComparison.Ordinal), accessKey);

    private Task<string> Iam(string action, params (string Name, string Value)[] parameters) => cloud.Query("iam", action, parameters);

    private static string Text(XElement document, string name) =>
        document.Descendants().First(element => element.Name.LocalName == name).Value;
}
