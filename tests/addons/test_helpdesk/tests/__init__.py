from . import (
    test_journey_access,
    test_journey_dashboard,
    test_journey_desk,
    test_journey_employee,
    test_journey_form,
    test_journey_http,
    test_journey_mail,
    test_journey_merge,
    test_journey_rating,
    test_journey_third_party,
    test_journey_work,
)
