using System.Text.Json;

namespace Disa.Emulator.Tests.Kms;

/// <summary>Answers that KMS gives word for word: recorded on AWS.</summary>
public sealed class KmsAnswersTests
{
    [Theory]
    [InlineData(
        "DescribeKey",
        """{"KeyId":"mrk-1234"}""",
        "NotFoundException",
        "Key 'arn:aws:kms:us-east-1:000000000000:key/mrk-1234' does not exist"
    )]
    [InlineData("DescribeKey", """{"KeyId":"none"}""", "NotFoundException", "Invalid keyId 'none'")]
    [InlineData("GenerateRandom", "{}", "ValidationException", "NumberOfBytes is required.")]
    [InlineData("Decrypt", """{"CiphertextBlob":"eA=="}""", "InvalidCiphertextException", null)]
    [InlineData(
        "CreateKey",
        """{"Tags":[{"TagKey":"","TagValue":"x"}]}""",
        "ValidationException",
        "1 validation error detected: Value '' at 'tags.1.member.tagKey' failed to satisfy constraint: Member must have length greater than or equal to 1"
    )]
    public async Task A_refusal_is_in_KMSs_words(string operation, string body, string type, string? message)
    {
        await using var cloud = await TestCloud.Start();

        var error = JsonElement.Parse(
            (await Assert.ThrowsAsync<TestAwsException>(() => cloud.Json("kms", "TrentService." + operation, body))).Body
        );

        Assert.Equal(type, error.GetProperty("__type").GetString());
        Assert.Equal(message, error.TryGetProperty("message", out var said) ? said.GetString() : null);
    }

    [Theory]
    [InlineData(129, 1, "tags.2.member.tagKey", 128)]
    [InlineData(1, 257, "tags.2.member.tagValue", 256)]
    public async Task A_tag_that_is_too_long_is_shown(int key, int value, string member, int most)
    {
        await using var cloud = await TestCloud.Start();
        var (name, text) = (new string('k', key), new string('v', value));

        var error = await Assert.ThrowsAsync<TestAwsException>(() =>
            cloud.Json(
                "kms",
                "TrentService.CreateKey",
                $$"""{"Tags":[{"TagKey":"a","TagValue":"b"},{"TagKey":"{{name}}","TagValue":"{{text}}"}]}"""
            )
        );

        Assert.Equal(
            $"1 validation error detected: Value '{(key > 1 ? name : text)}' at '{member}' failed to satisfy constraint: Member must have length less than or equal to {most}",
            JsonElement.Parse(error.Body).GetProperty("message").GetString()
        );
    }

    [Fact]
    public async Task A_key_is_rotated_on_demand_ten_times()
    {
        await using var cloud = await TestCloud.Start();
        var key = (await cloud.Json("kms", "TrentService.CreateKey", "{}")).GetProperty("KeyMetadata");
        Task<JsonElement> Rotate() => cloud.Json("kms", "TrentService.RotateKeyOnDemand", $$"""{"KeyId":"{{key.GetProperty("KeyId")}}"}""");
        for (var i = 0; i < 10; i++)
        {
            await Rotate();
        }

        Assert.Contains(
            "The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed for this key: "
                + key.GetProperty("Arn"),
            (await Assert.ThrowsAsync<TestAwsException>(Rotate)).Body
        );
    }
}
