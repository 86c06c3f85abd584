using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Tests.Kms;

/// <summary>AWS::KMS::Key and AWS::KMS::ReplicaKey.</summary>
/// <remarks>The CloudFormation template reference of both types.</remarks>
public sealed class KeyResourceTests : IAsyncLifetime
{
    private const string Policy =
        """ "KeyPolicy":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:root"},"Action":"kms:*","Resource":"*"}]} """;

    private TestCloud cloud = null!;

    public async ValueTask InitializeAsync() => cloud = await TestCloud.Start();

    public async ValueTask DisposeAsync() => await cloud.DisposeAsync();

    [Theory]
    [InlineData("\"KeySpec\":\"ECC_NIST_P256\",\"KeyUsage\":\"SIGN_VERIFY\"", "ECC_NIST_P256 SIGN_VERIFY AWS_KMS False Enabled")]
    [InlineData("\"KeySpec\":\"HMAC_256\",\"KeyUsage\":\"GENERATE_VERIFY_MAC\"", "HMAC_256 GENERATE_VERIFY_MAC AWS_KMS False Enabled")]
    [InlineData("\"Origin\":\"EXTERNAL\"", "SYMMETRIC_DEFAULT ENCRYPT_DECRYPT EXTERNAL False PendingImport")]
    [InlineData("\"MultiRegion\":\"true\"", "SYMMETRIC_DEFAULT ENCRYPT_DECRYPT AWS_KMS True Enabled")]
    public async Task A_template_makes_keys_of_every_kind(string properties, string expected)
    {
        var made = await Type("AWS::KMS::Key").Create(Request($"{{{Policy},{properties}}}"), default);

        var key = await cloud.Describe(made.PhysicalId);
        Assert.Equal(
            expected,
            $"{key.Text("KeySpec")} {key.Text("KeyUsage")} {key.Text("Origin")} {key.GetProperty("MultiRegion").GetBoolean()} {key.Text("KeyState")}"
        );
        Assert.Equal(key.Text("Arn"), made.Attributes["Arn"].GetString());
        Assert.Equal(made.PhysicalId, (await Type("AWS::KMS::Key").Create(Request($"{{{Policy},{properties}}}"), default)).PhysicalId);
    }

    [Theory]
    [InlineData("\"KeySpec\":\"RSA_2048\",\"KeyUsage\":\"SIGN_VERIFY\"", "KeySpec")]
    [InlineData("\"Origin\":\"EXTERNAL\"", "Origin")]
    [InlineData("\"MultiRegion\":true", "MultiRegion")]
    [InlineData("\"KeyUsage\":\"ENCRYPT_DECRYPT\",\"KeySpec\":\"SYMMETRIC_DEFAULT\",\"MultiRegion\":false", null)]
    public async Task What_a_key_is_cannot_be_changed(string properties, string? property)
    {
        var type = Type("AWS::KMS::Key");
        var made = await type.Create(Request($"{{{Policy}}}"), default);

        Task Update() => type.Update(Request($"{{{Policy},{properties}}}") with { PhysicalId = made.PhysicalId }, default);
        if (property is null)
        {
            await Update();
            return;
        }

        Assert.Contains($"You cannot change the {property} property", (await Assert.ThrowsAsync<AwsException>(Update)).Message);
    }

    [Fact]
    public async Task Only_symmetric_keys_rotate_by_themselves()
    {
        var refused = await Assert.ThrowsAsync<AwsException>(() =>
            Type("AWS::KMS::Key")
                .Create(Request($"{{{Policy},\"KeySpec\":\"RSA_2048\",\"KeyUsage\":\"SIGN_VERIFY\",\"EnableKeyRotation\":true}}"), default)
        );

        Assert.Equal(
            "Invalid request provided: You cannot set the EnableKeyRotation property to true on asymmetric or external keys.",
            refused.Message
        );
    }

    [Fact]
    public async Task A_stack_has_its_replica_in_its_own_Region()
    {
        var type = Type("AWS::KMS::ReplicaKey");
        var primary = await cloud.Key("\"MultiRegion\":true");
        var properties = $"{{{Policy},\"PrimaryKeyArn\":\"{primary.Text("Arn")}\",\"Description\":\"r\",\"Enabled\":\"false\"}}";
        var europe = cloud.In("eu-west-1");

        var made = await type.Create(Request(properties, "eu-west-1"), default);
        var again = await type.Create(Request(properties, "eu-west-1"), default);
        await cloud.Cloud.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(primary.Text("KeyId"), made.PhysicalId);
        Assert.Equal(made.Attributes["Arn"].GetString(), again.Attributes["Arn"].GetString());
        var replica = await europe.Describe(made.PhysicalId);
        Assert.Equal("r Disabled", $"{replica.Text("Description")} {replica.Text("KeyState")}");
        await type.Update(
            Request(properties.Replace("\"false\"", "true", StringComparison.Ordinal), "eu-west-1") with
            {
                PhysicalId = made.PhysicalId,
            },
            default
        );
        Assert.Equal("Enabled", (await europe.Describe(made.PhysicalId)).Text("KeyState"));
        await type.Delete(Request(properties, "eu-west-1") with { PhysicalId = made.PhysicalId }, default);
        Assert.Equal("PendingDeletion", (await europe.Describe(made.PhysicalId)).Text("KeyState"));
    }

    private IResource Type(string name) => cloud.Cloud.Keys.Resources.Single(type => type.Type == name);

    private static ResourceRequest Request(string properties, string region = "us-east-1") =>
        new()
        {
            Caller = new("000000000000", region, Principal.Root("aws", "000000000000"), "000000000000", "000000000000", "request"),
            StackId = "stack-id",
            StackName = "stack",
            LogicalId = "Key",
            Token = "token",
            Properties = JsonElement.Parse(properties),
        };
}
