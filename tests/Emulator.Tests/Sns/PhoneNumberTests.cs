using System.Xml.Linq;

namespace Disa.Emulator.Tests.Sns;

/// <summary>Text messages: words as recorded on AWS 24-08-2023 and 06-10-2025.</summary>
public sealed class PhoneNumberTests : WithTopics
{
    [Fact]
    public async Task A_text_message_is_in_the_mailbox()
    {
        var topic = await Topic("t");
        var subscribed = await Subscribe(topic, "sms", "+491701234567");
        Assert.StartsWith(topic + ":", Value(subscribed, "SubscriptionArn"));

        await Publish(topic, "to all");
        await cloud.Query("sns", "Publish", ("PhoneNumber", "+491701234567"), ("Message", "to one"));

        var texts = await Inbox("%2B491701234567");
        Assert.Equal(["to all", "to one"], texts.Select(text => Text(text, "body")));
        Assert.All(texts, text => Assert.Equal("sms", Text(text, "kind")));
    }

    [Fact]
    public async Task Settings_are_kept_and_shown_by_name()
    {
        await cloud.Query(
            "sns",
            "SetSMSAttributes",
            ("attributes.entry.1.key", "DefaultSMSType"),
            ("attributes.entry.1.value", "Transactional"),
            ("attributes.entry.2.key", "DefaultSenderID"),
            ("attributes.entry.2.value", "Disa")
        );

        var one = await cloud.Query("sns", "GetSMSAttributes", ("attributes.member.1", "DefaultSMSType"));

        Assert.Equal(
            ["Transactional"],
            XDocument.Parse(one).Descendants().Where(each => each.Name.LocalName == "value").Select(each => each.Value)
        );
        Assert.Equal(
            "false",
            Value(await cloud.Query("sns", "CheckIfPhoneNumberIsOptedOut", ("phoneNumber", "+491701234567")), "isOptedOut")
        );
    }

    [Theory]
    [InlineData("SetSMSAttributes", "attributes.entry.1.key=x&attributes.entry.1.value=y", "Invalid parameter: x is not a valid attribute")]
    [InlineData("CheckIfPhoneNumberIsOptedOut", "phoneNumber=aaa", "Invalid parameter: PhoneNumber Reason: input incorrectly formatted")]
    [InlineData(
        "Publish",
        "PhoneNumber=NAA%2B15551234567&Message=x",
        "Invalid parameter: PhoneNumber Reason: NAA+15551234567 is not valid to publish to"
    )]
    [InlineData("Subscribe", "TopicArn=TOPIC&Protocol=sms&Endpoint=NAA%2B15551234567", "Invalid SMS endpoint: NAA+15551234567")]
    [InlineData("Subscribe", "TopicArn=TOPIC&Protocol=sms&Endpoint=%2B15--551234567", "Invalid SMS endpoint: +15--551234567")]
    public async Task What_is_no_number_is_refused(string action, string form, string message)
    {
        var topic = await Topic("t");

        var (status, text) = await cloud.Send(
            HttpMethod.Post,
            "sns",
            "/",
            $"Action={action}&{form.Replace("TOPIC", topic, StringComparison.Ordinal)}",
            "application/x-www-form-urlencoded"
        );

        Assert.Equal((400, message), (status, Value(text, "Message")));
    }
}
