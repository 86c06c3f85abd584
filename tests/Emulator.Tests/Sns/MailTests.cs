using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Amazon.SQS;
using Amazon.SQS.Model;
using Disa.Emulator.Tests.Sqs;
using Microsoft.Extensions.Time.Testing;

namespace Disa.Emulator.Tests.Sns;

/// <summary>Subscriptions by mail, as a reader of the mailbox has them.</summary>
public sealed class MailTests : WithTopics
{
    [Fact]
    public async Task A_message_reaches_the_mailbox_once_its_reader_has_confirmed_by_the_link()
    {
        var topic = await Topic("news");
        Assert.Equal("pending confirmation", Value(await Subscribe(topic, "email", "ann@example.com"), "SubscriptionArn"));
        await Publish(topic, "too early");

        var invitation = Assert.Single(await Inbox());
        Assert.Equal(
            ("AWS Notification - Subscription Confirmation", "ann@example.com", "confirmation"),
            (Text(invitation, "subject"), Text(invitation, "to"), Text(invitation, "kind"))
        );
        var page = await Open(Link(Text(invitation, "body"), "ConfirmSubscription"), "text/html");
        Assert.Contains("Subscription confirmed!", page);
        var again = await Open(Link(Text(invitation, "body"), "ConfirmSubscription"), "*/*");
        Assert.StartsWith(topic + ":", Value(again, "SubscriptionArn"));

        var id = await Publish(topic, "Hello, Ann.\nBye.", ("Subject", "Greetings"));
        var mail = (await Inbox()).Single(entry => Text(entry, "kind") == "notification");
        Assert.Equal(
            ("Greetings", id, topic, "AWS Notifications <no-reply@sns.amazonaws.com>"),
            (Text(mail, "subject"), Text(mail, "messageId"), Text(mail, "topicArn"), Text(mail, "from"))
        );
        Assert.StartsWith("Hello, Ann.\nBye.\n\n--\nIf you wish to stop receiving notifications from this topic", Text(mail, "body"));

        await Open(Link(Text(mail, "body"), "Unsubscribe"), "text/html");
        var attributes = Attributes(await cloud.Query("sns", "GetTopicAttributes", ("TopicArn", topic)));
        Assert.Equal(
            ("0", "0", "1"),
            (attributes["SubscriptionsConfirmed"], attributes["SubscriptionsPending"], attributes["SubscriptionsDeleted"])
        );
    }

    [Fact]
    public async Task A_mail_without_a_subject_and_with_a_display_name_is_as_on_AWS()
    {
        var topic = await Topic("named", ("DisplayName", "Disa"));
        await Confirm(topic, "bob@example.com");
        await Publish(topic, "x");
        var mail = (await Inbox("bob@example.com")).Last();
        Assert.Equal(("AWS Notification Message", "Disa <no-reply@sns.amazonaws.com>"), (Text(mail, "subject"), Text(mail, "from")));
    }

    [Fact]
    public async Task An_unconfirmed_subscription_lapses_after_two_days()
    {
        var topic = await Topic("lapse");
        await Subscribe(topic, "email", "late@example.com");
        var link = Link(Text((await Inbox()).Single(), "body"), "ConfirmSubscription");
        await cloud.Cloud.Advance(TimeSpan.FromDays(2));
        using var response = await browser.GetAsync(link);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("Invalid parameter: Token", await response.Content.ReadAsStringAsync());
        Assert.DoesNotContain("<member>", await cloud.Query("sns", "ListSubscriptions"));
    }

    [Fact]
    public async Task A_subscription_confirmed_with_authentication_cannot_be_ended_by_the_link()
    {
        var topic = await Topic("kept");
        await Subscribe(topic, "email", "a@example.com");
        var token = Regex.Match(Text((await Inbox()).Single(), "body"), "Token=([0-9a-f]+)").Groups[1].Value;
        var arn = Value(
            await cloud.Query("sns", "ConfirmSubscription", ("TopicArn", topic), ("Token", token), ("AuthenticateOnUnsubscribe", "true")),
            "SubscriptionArn"
        );
        using var response = await browser.GetAsync(new Uri(cloud.Endpoint, $"/?Action=Unsubscribe&SubscriptionArn={arn}"));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(
            "true",
            Attributes(await cloud.Query("sns", "GetSubscriptionAttributes", ("SubscriptionArn", arn)))["ConfirmationWasAuthenticated"]
        );
        await cloud.Query("sns", "Unsubscribe", ("SubscriptionArn", arn));
    }

    /// <summary>
    /// "Amazon SNS disables your subscription": https://repost.aws/knowledge-center/sns-email-subscription-disabled; ten messages a second for a
    /// subscription is a hard limit: https://docs.aws.amazon.com/general/latest/gr/sns.html.
    /// </summary>
    [Fact]
    public async Task The_eleventh_mail_of_a_second_disables_the_subscription_until_it_is_confirmed_again()
    {
        await DisposeAsync();
        cloud = await TestCloud.Start(new() { Wall = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 6, 30, 20, TimeSpan.Zero)) });
        sqs = SqsTests.Client(cloud);
        browser = new();
        var topic = await Topic("many");
        await Confirm(topic, "a@example.com");
        await Confirm(topic, "b@example.com");
        var old = Link(Text((await Inbox("a@example.com")).First(), "body"), "ConfirmSubscription");
        for (var second = 0; second < 3; second++)
        {
            await Mail(10, topic);
            await cloud.Cloud.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal((30, 30), await Mails());

        await Mail(11, topic);
        Assert.Equal((40, 40), await Mails());
        Assert.Equal(2, Regex.Count(await cloud.Query("sns", "ListSubscriptionsByTopic", ("TopicArn", topic)), "PendingConfirmation"));
        Assert.Equal(("0", "2"), await Counts());
        await cloud.Cloud.Advance(TimeSpan.FromMinutes(1));
        await Publish(topic, "nobody hears of it");
        Assert.Equal((40, 40), await Mails());

        using (var stale = await browser.GetAsync(old))
        {
            Assert.Equal(HttpStatusCode.BadRequest, stale.StatusCode);
        }

        await Confirm(topic, "a@example.com");
        await Publish(topic, "back");
        Assert.Equal((41, 40), await Mails());
        await cloud.Cloud.Advance(TimeSpan.FromHours(48));
        Assert.Equal(("1", "0"), await Counts());

        async Task Mail(int number, string to)
        {
            for (var i = 0; i < number; i++)
            {
                await Publish(to, $"{i}");
            }
        }

        async Task<(int, int)> Mails() => (await Notifications("a@example.com"), await Notifications("b@example.com"));

        async Task<int> Notifications(string address) => (await Inbox(address)).Count(mail => Text(mail, "kind") == "notification");

        async Task<(string, string)> Counts()
        {
            var attributes = Attributes(await cloud.Query("sns", "GetTopicAttributes", ("TopicArn", topic)));
            return (attributes["SubscriptionsConfirmed"], attributes["SubscriptionsPending"]);
        }
    }

    [Fact]
    public async Task Whoever_waits_for_mail_gets_it_when_it_comes()
    {
        var topic = await Topic("wait");
        var waiting = browser.GetStringAsync(new Uri(cloud.Endpoint, "/_disa/inbox?after=0&wait=30"));
        await Subscribe(topic, "email", "a@example.com");
        var mails = JsonDocument.Parse(await waiting).RootElement.GetProperty("mails");
        Assert.Equal(1, mails.GetArrayLength());
        var id = mails[0].GetProperty("id").GetString();
        Assert.Equal(
            "a@example.com",
            JsonDocument
                .Parse(await browser.GetStringAsync(new Uri(cloud.Endpoint, $"/_disa/inbox/{id}")))
                .RootElement.GetProperty("to")
                .GetString()
        );
        Assert.Empty(await Inbox(after: id));
    }
}
