namespace Disa.Emulator.Sns;

/// <summary>The mail that asks an address to confirm, as AWS words it.</summary>
internal static class ConfirmationMail
{
    public const string Subject = "AWS Notification - Subscription Confirmation";

    public static string Body(string topicArn, string link) =>
        $"""
            You have chosen to subscribe to the topic:
            {topicArn}

            To confirm this subscription, click or visit the link below (If this was in error no action is necessary):
            {link}

            Please do not reply directly to this email. If you wish to remove yourself from receiving all future SNS subscription confirmation requests please send an email to sns-opt-out
            """;
}

/// <summary>The mail that carries a message, as AWS lays it out.</summary>
internal static class NotificationMail
{
    public const string DefaultSubject = "AWS Notification Message";

    public static string From(string? displayName) => $"{displayName ?? "AWS Notifications"} <no-reply@sns.amazonaws.com>";

    public static string Body(string text, string unsubscribeLink) =>
        $"""
            {text}

            --
            If you wish to stop receiving notifications from this topic, please click or visit the link below to unsubscribe:
            {unsubscribeLink}

            Please do not reply directly to this email. If you have any questions or comments regarding this email, please contact us at https://aws.amazon.com/support
            """;
}
