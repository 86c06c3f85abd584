using Disa.Emulator.Xunit;

namespace Disa.LocalAwsTests;

/// <summary>One emulator for a class, an account for each of its tests.</summary>
public sealed class FixtureTests(LocalAwsFixture fixture) : IClassFixture<LocalAwsFixture>
{
    [Theory]
    [InlineData("one")]
    [InlineData("other")]
    public async Task Each_test_has_an_account_of_its_own(string text)
    {
        var aws = fixture.Account;
        Assert.Same(aws, fixture.Account);
        Assert.NotEqual(aws.Id, fixture.Aws.Id);
        using var sqs = LocalAwsTests.Sqs(aws);
        var queue = (await sqs.CreateQueueAsync("same")).QueueUrl;
        await sqs.SendMessageAsync(queue, text);

        var message = Assert.Single((await sqs.ReceiveMessageAsync(queue)).Messages);
        Assert.Equal(text, message.Body);
        Assert.Contains($"/{aws.Id}/", queue, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_test_says_what_happened_in_its_account()
    {
        await fixture.Account.AddFunctionAsync("orders", (invocation, _) => Task.FromResult(invocation.Payload));
        using var sqs = LocalAwsTests.Sqs(fixture.Account);
        await sqs.CreateQueueAsync("incoming");

        // What the attribute takes after the test, and writes where it failed.
        var report = await LocalAwsFixture.Take(TestContext.Current.Test!.UniqueID)!.Write();

        Assert.StartsWith($"--- The emulator's log (account ", report, StringComparison.Ordinal);
        Assert.Contains("Disa.Gateway: sqs CreateQueue 200", report, StringComparison.Ordinal);
    }
}
