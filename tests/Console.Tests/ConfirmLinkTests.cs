using Disa.Operations;

namespace Disa.WebConsole.Tests;

public sealed class ConfirmLinkTests
{
    [Theory]
    [InlineData(
        "Visit\nhttp://127.0.0.1:1/?Action=ConfirmSubscription&Token=1\nto confirm",
        "http://127.0.0.1:1/?Action=ConfirmSubscription&Token=1"
    )]
    [InlineData("(https://a.example/?x&Action=ConfirmSubscription&Token=1 ", "https://a.example/?x&Action=ConfirmSubscription&Token=1")]
    [InlineData("Action=ConfirmSubscription&Token=1 http://a/?Action=ConfirmSubscription&b", "http://a/?Action=ConfirmSubscription&b")]
    [InlineData("http://a/ Action=ConfirmSubscription&Token=1", null)]
    [InlineData("http://a/?Action=ConfirmSubscription", null)]
    [InlineData("http://a/", null)]
    [InlineData("", null)]
    public void The_first_address_that_confirms_is_found(string text, string? link) => Assert.Equal(link, ConfirmLink.Find(text));

    /// <summary>In quadratic time, the longest message that SNS takes would block a page for minutes.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_mail_of_nothing_but_addresses_is_read_in_one_pass()
    {
        var addresses = string.Concat(Enumerable.Repeat("http://", 1_000_000));

        Assert.Null(await Task.Run(() => ConfirmLink.Find(addresses), TestContext.Current.CancellationToken));
        Assert.Null(
            await Task.Run(() => ConfirmLink.Find(addresses + " Action=ConfirmSubscription"), TestContext.Current.CancellationToken)
        );
    }
}
