using System.Text.Json;

namespace Disa.Emulator.Tests.Kms;

/// <summary>Calls of KMS as its JSON has them.</summary>
internal static class KmsCalls
{
    public static Task<JsonElement> Kms(this TestCloud cloud, string operation, string body) =>
        cloud.Json("kms", "TrentService." + operation, body);

    /// <summary>The refusal of a call: type and message.</summary>
    public static async Task<string> KmsError(this TestCloud cloud, string operation, string body)
    {
        var refused = await Assert.ThrowsAsync<TestAwsException>(() => cloud.Kms(operation, body));
        var error = JsonElement.Parse(refused.Body);
        return $"{error.GetProperty("__type").GetString()}: {(error.TryGetProperty("message", out var text) ? text.GetString() : "")}";
    }

    /// <summary>A new key's metadata.</summary>
    /// <param name="members">What CreateKey is asked for: <c>"KeySpec":"RSA_2048","KeyUsage":"SIGN_VERIFY"</c>.</param>
    public static async Task<JsonElement> Key(this TestCloud cloud, string members = "") =>
        (await cloud.Kms("CreateKey", $"{{{members}}}")).GetProperty("KeyMetadata");

    public static async Task<JsonElement> Describe(this TestCloud cloud, string keyId) =>
        (await cloud.Kms("DescribeKey", $$"""{"KeyId":"{{keyId}}"}""")).GetProperty("KeyMetadata");

    public static string Text(this JsonElement json, string member) => json.GetProperty(member).GetString()!;

    public static byte[] Bytes(this JsonElement json, string member) => json.GetProperty(member).GetBytesFromBase64();

    public static string Spec(string spec, string usage) => $"\"KeySpec\":\"{spec}\",\"KeyUsage\":\"{usage}\"";
}
